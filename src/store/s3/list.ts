/**
 * ListObjectsV2 as a stream of pages. Trusts no server: the order is checked, a listing that runs in a circle or stops without
 * an end is an error, and keys come encoded because XML cannot hold all of them.
 */
import { EntrepotError } from "../../error/index.ts";
import { compareKeys } from "../../uri/index.ts";
import { listSettings } from "../list-pages.ts";
import type { ListOptions, ListPage } from "../object-store.ts";
import { Refused } from "../remote/answer.ts";
import { refusalOf } from "../remote/refusal.ts";
import type { BucketContext } from "./bucket-context.ts";
import { encodeQuery } from "./encode.ts";
import { errorFields } from "./error-answer.ts";
import { parseListPage } from "./list-page.ts";
import { callS3 } from "./s3-calls.ts";

/** A page of 1,000 keys of 1,024 bytes, each byte written as `%XX`, is a third of this. */
const mostPageBytes = 16 * 1024 * 1024;

/** Lists, one request per page. */
export async function* listObjects(context: BucketContext, options: ListOptions): AsyncGenerator<ListPage, void, void> {
  const { prefix, rollUp, startAfter, pageSize } = listSettings(options);
  const uri = `s3://${context.bucket}/${prefix}`;
  const broken = (what: string) => new EntrepotError("protocol", `listing ${uri}: ${what}`, { uri });
  let token: string | undefined;
  let last: string | undefined;
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
    const fresh = withoutRepeat(page, last);
    const first = earlier(fresh.objects[0]?.key, fresh.folders[0]);
    if (first !== undefined && last !== undefined && compareKeys(first, last) <= 0) {
      throw broken("the server's pages are not in the order of the keys");
    }
    if (first !== undefined) {
      last = later(fresh.objects.at(-1)?.key, fresh.folders.at(-1));
      yield fresh;
    }
    if (nextToken === undefined) return;
    if (nextToken === token) throw broken("the server gives the same continuation token again");
    token = nextToken;
  }
}

/** Some servers give a folder once more at the beginning of the next page. */
function withoutRepeat(page: ListPage, last: string | undefined): ListPage {
  return last !== undefined && page.folders[0] === last ? { ...page, folders: page.folders.slice(1) } : page;
}

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareKeys(a, b) < 0 ? a : b;
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareKeys(a, b) > 0 ? a : b;
}
