/**
 * One DeleteObjects request and what is known of its keys. Asked again it asks for those alone that are still in question; a key that
 * the answer does not mention has failed.
 */
import { hash } from "node:crypto";
import { EntrepotError } from "../../error/index.ts";
import { Refused } from "../remote/answer.ts";
import type { Answered } from "../remote/call.ts";
import { type RefusalFields, refusalOf, refusedError } from "../remote/refusal.ts";
import type { BucketContext } from "./bucket-context.ts";
import { deleteDocument, parseDeleteResult } from "./delete-document.ts";
import { encodeQuery } from "./encode.ts";
import { checkDone } from "./error-answer.ts";
import { type CallRequest, objectUri } from "./s3-calls.ts";
import { documentBody } from "./xml-document.ts";

export class DeleteBatch implements CallRequest {
  readonly method = "POST";
  readonly bucket: string;
  readonly query: string = encodeQuery({ delete: "" });
  readonly uri: string;
  /** By key, as far as they are final; `undefined` is success. */
  readonly outcomes: Map<string, EntrepotError | undefined> = new Map();
  readonly #sender: BucketContext["sender"];
  readonly #left: Map<string, string | undefined>;
  /** Why those that are left were not deleted by the last request, where it came to that. */
  readonly #reasons = new Map<string, EntrepotError>();
  #body: Pick<CallRequest, "headers" | "payloadHash" | "body" | "bodyBytes">;

  constructor({ bucket, sender }: BucketContext, wanted: Iterable<readonly [string, string | undefined]>) {
    this.bucket = bucket;
    this.uri = `s3://${bucket}/`;
    this.#sender = sender;
    this.#left = new Map(wanted);
    this.#body = bodyFor(this.#left);
  }

  get headers(): CallRequest["headers"] {
    return this.#body.headers;
  }
  get payloadHash(): CallRequest["payloadHash"] {
    return this.#body.payloadHash;
  }
  get body(): CallRequest["body"] {
    return this.#body.body;
  }
  get bodyBytes(): CallRequest["bodyBytes"] {
    return this.#body.bodyBytes;
  }

  /** Takes an answer in. Throws `Refused` when some failures may pass; protocol for what is no answer to this. */
  check(answer: Answered): void {
    const { clock } = this.#sender;
    checkDone(answer, clock.now());
    const said = parseDeleteResult(answer.body);
    if (said === undefined) throw notSaid(this.uri, "what became of the keys");
    let passing: Refused | undefined;
    for (const key of this.#left.keys()) {
      const fields = said.get(key);
      const error = said.has(key) ? fields && this.#keyError(key, fields) : notSaid(this.#uriOf(key), "this key");
      if (error?.retryable !== true || fields === undefined) this.#settle(key, error);
      else {
        this.#reasons.set(key, error);
        const refused = new Refused(refusalOf(answer.status, answer.headers, fields, clock.now()));
        // The longest wait is for all of them.
        if (passing === undefined || error.code === "throttled") passing = refused;
      }
    }
    if (passing === undefined) return;
    this.#body = bodyFor(this.#left);
    throw passing;
  }

  /** No more requests: what is left fails for its own last reason, or for that of the request. */
  giveUp(cause: EntrepotError): void {
    for (const key of this.#left.keys()) this.#settle(key, this.#reasons.get(key) ?? this.#about(key, cause));
  }

  #settle(key: string, error: EntrepotError | undefined): void {
    this.#left.delete(key);
    this.outcomes.set(key, error);
  }

  #keyError(key: string, fields: RefusalFields): EntrepotError | undefined {
    const { identity, clock } = this.#sender;
    const refusal = refusalOf(200, {}, fields, clock.now());
    const error = refusedError(refusal, {
      uri: this.#uriOf(key),
      method: "DELETE",
      identity: identity.anonymous ? "anonymous" : "signed",
    });
    // Gone is what was wanted.
    return error.code === "not-found" && refusal.serverCode !== "NoSuchBucket" ? undefined : error;
  }

  #about(key: string, { code, message, hint, retryable, cause }: EntrepotError): EntrepotError {
    return new EntrepotError(code, message, { uri: this.#uriOf(key), hint, retryable, cause });
  }

  #uriOf(key: string): string {
    return objectUri(this.bucket, key);
  }
}

/** MD5, because every server that knows this operation knows how to check it, and some insist. */
function bodyFor(
  wanted: Iterable<readonly [string, string | undefined]>,
): Pick<CallRequest, "headers" | "payloadHash" | "body" | "bodyBytes"> {
  const document = Buffer.from(deleteDocument(wanted));
  const headers = { "content-md5": hash("md5", document, "base64"), "content-type": "application/xml" };
  return { headers, ...documentBody(document) };
}

function notSaid(uri: string, what: string): EntrepotError {
  return new EntrepotError("protocol", `${uri}: the server's answer to a deletion does not mention ${what}`, { uri });
}
