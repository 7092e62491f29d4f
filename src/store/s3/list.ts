/**
 * ListObjectsV2 as a stream of pages. Trusts no server: the order is checked, a listing that runs in a circle or stops without
 * an end is an error, and keys come encoded because XML cannot hold all of them.
 */
import { EntrepotError } from "../../error/index.ts";
import { type ListSettings, listSettings } from "../list-pages.ts";
import type { ListOptions, ListPage, RequestOptions } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { Scratch } from "../remote/call.ts";
import { refusalOf } from "../remote/refusal.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { errorFields } from "./error-answer.ts";
import { ListOrder } from "./list-order.ts";
import { parseListPage } from "./list-page.ts";
import { callS3 } from "./s3-calls.ts";
import type { Pages } from "./sharding/pages.ts";
import { shardedPages } from "./sharding/sharded-pages.ts";

/** A page of 1,000 keys of 1,024 bytes, each byte written as `%XX`, is a third of this. */
const mostPageBytes = 16 * 1024 * 1024;

/** Lists, with as many requests at once as `shards` says. */
export function listObjects(context: BucketContext, options: ListOptions): AsyncGenerator<ListPage, void, void> {
  const { shards = 1, signal } = options;
  // A directory bucket has no order, and no place to start from.
  if (shards <= 1 || context.bucket.endsWith("--x-s3")) return listInTurn(context, options);
  return sharded(context, options, shards, signal);
}

async function* sharded(
  context: BucketContext,
  options: ListOptions,
  shards: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<ListPage, void, void> {
  const uri = `s3://${context.bucket}/${options.prefix ?? ""}`;
  const scratches: Scratch[] = [];
  const open = (startAfter: string, stop: AbortSignal) =>
    new Walk(context, { ...options, startAfter, signal: stop }, scratches);
  yield* shardedPages(open, { ...listSettings(options), shards, signal, uri });
}

/** Lists, one request per page. */
async function* listInTurn(context: BucketContext, options: ListOptions): AsyncGenerator<ListPage, void, void> {
  const walk = new Walk(context, options, []);
  while (await walk.ask()) {
    const page = walk.take();
    if (page !== undefined) yield page;
  }
}

/** From page to page. */
class Walk implements Pages {
  readonly #context: BucketContext;
  readonly #options: ListOptions;
  readonly #settings: ListSettings;
  readonly #scratches: Scratch[];
  readonly #uri: string;
  readonly #order: ListOrder;
  #answer: { readonly body: Uint8Array; readonly scratch: Scratch } | undefined;
  #token: string | undefined;
  #hasEnded = false;
  #isCircle = false;

  constructor(context: BucketContext, options: ListOptions, scratches: Scratch[]) {
    this.#context = context;
    this.#options = options;
    this.#settings = listSettings(options);
    this.#scratches = scratches;
    this.#uri = `s3://${context.bucket}/${this.#settings.prefix}`;
    this.#order = new ListOrder(this.#settings);
  }

  async ask(): Promise<boolean> {
    if (this.#isCircle) throw this.#broken("the server gives the same continuation token again");
    if (this.#hasEnded) return false;
    const { prefix, rollUp, startAfter, pageSize } = this.#settings;
    const token = this.#token;
    const query = encodeQuery({
      "list-type": "2",
      "encoding-type": "url",
      prefix: prefix === "" ? undefined : prefix,
      delimiter: rollUp ? "/" : undefined,
      "max-keys": pageSize === 1000 ? undefined : String(pageSize),
      // Servers differ in what they make of both.
      "start-after": token === undefined && startAfter !== "" ? startAfter : undefined,
      "continuation-token": token,
    });
    this.#options.onRequest?.();
    const scratch = this.#scratches.pop() ?? new Scratch();
    const body = await askForPage(this.#context, query, this.#uri, this.#options, scratch);
    this.#answer = { body, scratch };
    return true;
  }

  take(): ListPage | undefined {
    const answer = this.#answer;
    if (answer === undefined) return undefined;
    this.#answer = undefined;
    const { page, nextToken } = parseListPage(answer.body, this.#uri);
    this.#scratches.push(answer.scratch);
    this.#hasEnded = nextToken === undefined;
    this.#isCircle = !this.#hasEnded && nextToken === this.#token;
    this.#token = nextToken;
    try {
      return this.#order.check(page);
    } catch (error) {
      throw this.#broken(error instanceof Error ? error.message : String(error));
    }
  }

  #broken(what: string): EntrepotError {
    return new EntrepotError("protocol", `listing ${this.#uri}: ${what}`, { uri: this.#uri });
  }
}

/** The document of one page, whichever kind of listing it is; it stands in `scratch` until the next. */
export async function askForPage(
  context: BucketContext,
  query: string,
  uri: string,
  options: RequestOptions,
  scratch: Scratch,
): Promise<Uint8Array> {
  const request = { method: "GET", bucket: context.bucket, query, uri } as const;
  const { body } = await callS3(context, request, options, {
    maxBytes: mostPageBytes,
    scratch,
    check({ status, headers, body: answered }) {
      const fields = answered.byteLength < 65_536 ? errorFields(answered) : {};
      if (fields.Code !== undefined) throw new Refused(refusalOf(status, headers, fields, context.sender.clock.now()));
    },
  });
  return body;
}
