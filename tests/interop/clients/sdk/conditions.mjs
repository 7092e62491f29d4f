// Conditional reads and writes.
import { check, holds, same } from "../verdict.mjs";
import { absent, freshBucket, put, refused, send, textOf } from "./client.mjs";

const bucket = await freshBucket();
const { ETag } = await put(bucket, "c", "now");
const other = '"0123456789abcdef0123456789abcdef"';
const get = (/** @type {object} */ more) => send("GetObject", { Bucket: bucket, Key: "c", ...more });
const head = (/** @type {object} */ more) => send("HeadObject", { Bucket: bucket, Key: "c", ...more });

await check("cond.get-if-none-match", async () => {
  await refused(304, undefined, get({ IfNoneMatch: ETag }));
  await refused(304, undefined, head({ IfNoneMatch: ETag }));
  same(await textOf(bucket, "c", { IfNoneMatch: other }), "now");
});

await check("cond.get-if-match", async () => {
  await refused(412, ["PreconditionFailed"], get({ IfMatch: other }));
  await refused(412, undefined, head({ IfMatch: other }));
  same(await textOf(bucket, "c", { IfMatch: ETag }), "now");
});

await check("cond.get-dates", async () => {
  const { LastModified } = await head({});
  const before = new Date(LastModified.getTime() - 3_600_000);
  await refused(304, undefined, get({ IfModifiedSince: LastModified }));
  same(await textOf(bucket, "c", { IfModifiedSince: before }), "now");
  await refused(412, ["PreconditionFailed"], get({ IfUnmodifiedSince: before }));
});

await check("cond.put-create", async () => {
  await put(bucket, "new", "first", { IfNoneMatch: "*" });
  await refused(412, ["PreconditionFailed"], put(bucket, "new", "second", { IfNoneMatch: "*" }));
  same(await textOf(bucket, "new"), "first");
});

await check("cond.put-swap", async () => {
  const first = await put(bucket, "swap", "1");
  await refused(412, ["PreconditionFailed"], put(bucket, "swap", "2", { IfMatch: other }));
  same(await textOf(bucket, "swap"), "1");
  await put(bucket, "swap", "3", { IfMatch: first.ETag });
  same(await textOf(bucket, "swap"), "3");
  await refused(404, ["NoSuchKey"], put(bucket, "no-swap", "2", { IfMatch: first.ETag }));
  await absent(bucket, "no-swap");
});

await check("cond.put-race", async () => {
  const bodies = Array.from({ length: 16 }, (_, n) => String(n).padStart(2, "0").repeat(10_000));
  const statuses = await Promise.all(
    bodies.map((body) =>
      put(bucket, "race", body, { IfNoneMatch: "*" }).then(
        () => 200,
        (error) => error.$metadata?.httpStatusCode,
      ),
    ),
  );
  holds(
    statuses.filter((s) => s === 200).length === 1 && statuses.every((s) => [200, 409, 412].includes(s)),
    `statuses ${statuses}`,
  );
  same((await textOf(bucket, "race")).slice(0, 2), bodies[statuses.indexOf(200)]?.slice(0, 2), "the winner");
});
