// Listings, filled by `aws s3 sync`.
import { file, scratch } from "../shell.mjs";
import { check, holds, inByteOrder, same } from "../verdict.mjs";
import { api, b, bucket, freshBucket, ok, said } from "./cli.mjs";

const many = await freshBucket();
for (const count of [0, 1, 999, 1000, 1001, 2500]) {
  await check(`list.${count}`, async () => {
    const names = Array.from({ length: count }, (_, n) => `d${n % 5}/s${n % 50}/k${String(n).padStart(5, "0")}`);
    for (const name of names) file(`many/${name}`, "x");
    // --size-only: what is there already is not sent again, whatever its time.
    if (count > 0) await ok(["s3", "sync", `${scratch}/many`, `s3://${many}`, "--size-only", "--only-show-errors"]);
    const listed = (await said("list-objects-v2", "--bucket", many, "--query", "Contents[].Key || `[]`")) ?? [];
    same(listed, inByteOrder(names), "keys");
  });
}
const listKeys = async (/** @type {string} */ operation, /** @type {string[]} */ ...args) => {
  const page = await said(operation, ...b, "--prefix", "l/", ...args);
  return [
    (page.Contents ?? []).map((/** @type {any} */ o) => o.Key),
    (page.CommonPrefixes ?? []).map((/** @type {any} */ p) => p.Prefix),
  ];
};
for (const key of ["l/a-b", "l/a/1", "l/a/b/2", "l/é"]) await api("put-object", ...b, "--key", key);
await check("list.prefix", async () =>
  same(
    (await said("list-objects-v2", ...b, "--prefix", "l/a/")).Contents.map((/** @type {any} */ o) => o.Key),
    ["l/a/1", "l/a/b/2"],
  ),
);
await check("list.delimiter", async () => {
  same(await listKeys("list-objects-v2", "--delimiter", "/"), [["l/a-b", "l/é"], ["l/a/"]]);
  holds(/PRE a\/\n/.test((await ok(["s3", "ls", `s3://${bucket}/l/`])).stdout), "aws s3 ls shows no PRE a/");
});
await check("list.delimiter-pages", async () =>
  same(await listKeys("list-objects-v2", "--delimiter", "/", "--page-size", "1"), [["l/a-b", "l/é"], ["l/a/"]]),
);
await check("list.start-after", async () =>
  same(await listKeys("list-objects-v2", "--start-after", "l/a/1"), [["l/a/b/2", "l/é"], []]),
);
await check("list.v1", async () =>
  same(await listKeys("list-objects", "--page-size", "2"), [["l/a-b", "l/a/1", "l/a/b/2", "l/é"], []]),
);
