/** Whoever aborts a listing gets nothing more of it, also of a page that is here already. */
import { type Depot, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

let s3: S3Server;
let data: Depot;

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b"] });
  data = entrepot({ ...s3.options, cache: false, env: {}, envFile: false });
  for (let n = 0; n < 10; n += 1) await data.writeText(`s3://b/in/${n}/file`, "x");
});
afterAll(async () => {
  await data.close();
  await s3.close();
});

const listings = {
  list: (signal: AbortSignal) => data.list("s3://b/in/", { signal }),
  "list of folders": (signal: AbortSignal) => data.list("s3://b/in/", { kind: "folder", depth: 1, signal }),
  "list of versions": (signal: AbortSignal) => data.list("s3://b/in/", { versions: true, signal }),
  glob: (signal: AbortSignal) => data.glob("s3://b/in/**", { signal }),
  "glob of two patterns": (signal: AbortSignal) => data.glob(["s3://b/in/0/*", "s3://b/in/[1-9]/*"], { signal }),
  walk: (signal: AbortSignal) => data.walk("s3://b/in/", { signal }),
} satisfies Record<string, (signal: AbortSignal) => AsyncIterable<unknown>>;

test.each(Object.entries(listings))("an aborted %s ends with the reason, at the next entry", async (_, open) => {
  for (const after of [1, 3, 10]) {
    const stop = new AbortController();
    const reason = new Error("enough");
    let seen = 0;
    const read = async () => {
      for await (const _entry of open(stop.signal)) {
        seen += 1;
        if (seen === after) stop.abort(reason);
      }
    };
    await expect(read()).rejects.toBe(reason);
    expect(seen).toBe(after);
  }
});

test("jobs.list and a listing of versions look at the signal, and at options that they do not take", async () => {
  const reason = new Error("enough");
  await expect(data.jobs.list({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  for (const [name, value] of Object.entries({
    include: ["*"],
    exclude: ["*"],
    minSize: 1,
    maxSize: 1,
    newerThan: "1d",
    olderThan: "1d",
    shards: 2,
    kind: "object",
  })) {
    expect(() => data.list("s3://b/in/", { versions: true, [name]: value } as never)).toThrow(
      expect.objectContaining({
        name: "TypeError",
        message: expect.stringContaining(`${name} does not go with versions`),
      }),
    );
  }
});
