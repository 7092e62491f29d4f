// What `aws s3api` says of versions, tags, policies and attributes, and what `aws s3 sync` and `presign` do with a tree.
import { randomBytes } from "node:crypto";
import { file } from "../shell.mjs";
import { check, holds, same } from "../verdict.mjs";
import { api, b, bucket, fails, freshBucket, ok, said, text } from "./cli.mjs";

await check("versioning.round-trip", async () => {
  const name = ["--bucket", await freshBucket()];
  await api("put-bucket-versioning", ...name, "--versioning-configuration", "Status=Enabled");
  const ids = [];
  for (const body of ["one", "two"]) {
    const put = await said("put-object", ...name, "--key", "v", "--body", file("v", body));
    ids.push(put.VersionId);
  }
  const old = file("old", "");
  await api("get-object", ...name, "--key", "v", "--version-id", ids[0], old);
  same((await ok(["s3", "cp", `s3://${name[1]}/v`, "-"])).stdout, "two");
  const marker = await said("delete-object", ...name, "--key", "v");
  same(marker.DeleteMarker, true);
  const { Versions, DeleteMarkers } = await said("list-object-versions", ...name);
  same([Versions.length, DeleteMarkers.length], [2, 1]);
});
await check("tagging.object", async () => {
  await api("put-object", ...b, "--key", "tagged", "--tagging", "a=1");
  await api("put-object-tagging", ...b, "--key", "tagged", "--tagging", "TagSet=[{Key=k,Value=v}]");
  same((await said("get-object-tagging", ...b, "--key", "tagged")).TagSet, [{ Key: "k", Value: "v" }]);
});
await check("policy.public-read", async () => {
  const name = await freshBucket();
  await ok(["s3", "cp", file("open", "open"), `s3://${name}/open`]);
  await fails(/AccessDenied|403/, ["s3", "cp", `s3://${name}/open`, "-", "--no-sign-request"]);
  const Statement = [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${name}/*` }];
  const policy = file("policy.json", JSON.stringify({ Version: "2012-10-17", Statement }));
  await api("put-bucket-policy", "--bucket", name, "--policy", `file://${policy}`);
  same((await ok(["s3", "cp", `s3://${name}/open`, "-", "--no-sign-request"])).stdout, "open");
});
await check("multipart.part-number", async () => {
  await ok(["s3", "cp", file("parts", randomBytes(17 << 20)), `s3://${bucket}/parts`]);
  const attributes = ["--object-attributes", "ObjectParts", "ObjectSize"];
  const told = await said("get-object-attributes", ...b, "--key", "parts", ...attributes);
  same([told.ObjectParts.TotalPartsCount, told.ObjectSize], [3, 17 << 20]);
  same((await said("head-object", ...b, "--key", "parts", "--part-number", "3")).ContentLength, 1 << 20);
});
await check("transfer.copy-large", async () => {
  await ok(["s3", "cp", `s3://${bucket}/parts`, `s3://${bucket}/parts copied`]);
  same((await said("head-object", ...b, "--key", "parts copied")).ContentLength, 17 << 20);
});
await check("transfer.unseekable", async () => {
  const line = `${"x".repeat(1023)}\n`;
  await ok(["s3", "cp", "-", `s3://${bucket}/piped`], { input: line.repeat(9 << 10) });
  holds((await text(`s3://${bucket}/piped`)) === line.repeat(9 << 10), "the bytes differ");
});
await check("bucket.location", async () => {
  holds("LocationConstraint" in (await said("get-bucket-location", ...b)), "no location is told");
});
