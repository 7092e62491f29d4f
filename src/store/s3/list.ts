/**
 * ListObjectsV2 as a stream of pages. Trusts no server: the order is checked, a listing that runs in a circle or stops without
 * an end is an error, and keys come encoded because XML cannot hold all of them.
 */
import { EntrepotError } from "../../error/index.ts";
import { listSettings } from "../list-pages.ts";
import type { ListOptions, ListPage } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { refusalOf } from "../remote/refusal.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { errorFields } from "./error-answer.ts";
import { ListOrder } from "./list-order.ts";
import { parseListPage } from "./list-page.ts";
import { callS3 } from "./s3-calls.ts";

/** A page of 1,000 keys of 1,024 bytes, each byte written as `%XX`, is a third of this. */
const mostPageBytes = 16 * 1024 * 1024;

/** Lists, one request per page. */
export async function* listObjects(context: BucketContext, options: ListOptions): AsyncGenerator<ListPage, void, void> {
  const { prefix, rollUp, startAfter, pageSize } = listSettings(options);
  const uri = `s3://${context.bucket}/${prefix}`;
  const broken = (what: string) => new EntrepotError("protocol", `listing ${uri}: ${what}`, { uri });
  const order = new ListOrder({ prefix, startAfter });
  let token: string | undefined;
  for (;;) {
    const { body } = await callS3(
      context,
      {
        method: "GET",
        bucket: context.bucket,
        query: encodeQuery({
          "list-type": "2",
          "encoding-type": "url",
          prefix: prefix === "" ? undefined : prefix,
          delimiter: rollUp ? "/" : undefined,
          "max-keys": pageSize === 1000 ? undefined : String(pageSize),
          // Servers differ in what they make of both.
          "start-after": token === undefined && startAfter !== "" ? startAfter : undefined,
          "continuation-token": token,
        }),
        uri,
      },
      options,
      {
        maxBytes: mostPageBytes,
        check({ status, headers, body }) {
          const fields = body.byteLength < 65_536 ? errorFields(body) : {};
          if (fields.Code !== undefined)
            throw new Refused(refusalOf(status, headers, fields, context.sender.clock.now()));
        },
      },
    );
    const { page, nextToken } = parseListPage(body, uri);
    let fresh: ListPage | undefined;
    try {
      fresh = order.check(page);
    } catch (error) {
      throw broken(error instanceof Error ? error.message : String(error));
    }
    if (fresh !== undefined) yield fresh;
    if (nextToken === undefined) return;
    if (nextToken === token) throw broken("the server gives the same continuation token again");
    token = nextToken;
  }
}
