/**
 * ListObjectsV2 as a stream of pages. Trusts no server: the order is checked, a listing that runs in a circle or stops without
 * an end is an error, and keys come encoded because XML cannot hold all of them.
 */
import { EntrepotError } from "../../error/index.ts";
import { listSettings } from "../list-pages.ts";
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
    listInTurn(context, { ...options, startAfter, signal: stop }, scratches);
  yield* shardedPages(open, { ...listSettings(options), shards, signal, uri });
}

/** Lists, one request per page. */
async function* listInTurn(
  context: BucketContext,
  options: ListOptions,
  scratches: Scratch[] = [],
): AsyncGenerator<ListPage, void, void> {
  const { prefix, rollUp, startAfter, pageSize } = listSettings(options);
  const uri = `s3://${context.bucket}/${prefix}`;
  const broken = (what: string) => new EntrepotError("protocol", `listing ${uri}: ${what}`, { uri });
  const order = new ListOrder({ prefix, startAfter });
  let token: string | undefined;
  for (;;) {
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
    options.onRequest?.();
    const scratch = scratches.pop() ?? new Scratch();
    const parsed = parseListPage(await askForPage(context, query, uri, options, scratch), uri);
    scratches.push(scratch);
    const { nextToken } = parsed;
    // A walk that waits for its turn holds no page: the one that was given is the caller's.
    const fresh = inOrder(order, parsed.take(), broken);
    if (fresh.length > 0) yield fresh.pop() as ListPage;
    if (nextToken === undefined) return;
    if (nextToken === token) throw broken("the server gives the same continuation token again");
    token = nextToken;
  }
}

/** The page without what an earlier one gave; none where nothing is left of it. */
function inOrder(order: ListOrder, page: ListPage, broken: (what: string) => EntrepotError): ListPage[] {
  try {
    const fresh = order.check(page);
    return fresh === undefined ? [] : [fresh];
  } catch (error) {
    throw broken(error instanceof Error ? error.message : String(error));
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
