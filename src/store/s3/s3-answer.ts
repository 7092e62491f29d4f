/** An answer of S3, told from the page of whoever stands in between: a sign-in page is no object. */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";
import { Answer, type AnswerSink } from "../remote/answer.ts";

export class S3Answer extends Answer {
  readonly #origin: string;

  constructor(sink: AnswerSink, origin: string) {
    super(sink);
    this.#origin = origin;
  }

  /** Error: protocol. */
  override head(status: number, headers: ResponseHeaders): void {
    if (status < 300 && status !== 204 && isPage(headers)) {
      throw webPage(this.#origin);
    }
    super.head(status, headers);
  }
}

/** Error: protocol. */
export function webPage(origin: string): EntrepotError {
  return new EntrepotError("protocol", `what answered for ${origin} is a web page, and no S3 server`, {
    hint: "Is this machine signed in to its network, and is the endpoint right? A proxy may answer in its place: entrepot doctor shows which.",
  });
}

/**
 * Whether a refusal is a verdict on the object or the caller: that of a stranger is none, or what is there would be taken for missing.
 * Trouble that passes is trouble whoever says so.
 */
export function isVerdict(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

/** A stranger's page that says: there is no way to the server. A local copy stands in for it, as for any other lack of network. */
export function isGateway(status: number): boolean {
  return status === 502 || status === 504;
}

/** Error: unreachable. Whether the request went on before is not known. */
export function noWay(origin: string, status: number): EntrepotError {
  return new EntrepotError("unreachable", `what stands before ${origin} finds no way to it (${status})`, {
    hint: "A proxy or a balancer answered in its place: entrepot doctor shows which way is taken.",
  });
}

/** A stored page has an ETag, S3 numbers its answers, and some servers call an answer without a body a page. */
export function isPage(headers: ResponseHeaders): boolean {
  return (
    headers["content-length"] !== "0" &&
    headers["content-type"]?.toLowerCase().startsWith("text/html") === true &&
    headers["etag"] === undefined &&
    headers["x-amz-request-id"] === undefined
  );
}
