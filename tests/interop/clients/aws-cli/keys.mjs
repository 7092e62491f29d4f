// Hostile keys, and whole trees by `aws s3 sync` and `rm --recursive`.
import { readFileSync, utimesSync } from "node:fs";
import { file, scratch, tree } from "../shell.mjs";
import { check, each, hostile, inByteOrder, same } from "../verdict.mjs";
import { api, b, bucket, freshBucket, ok, said } from "./cli.mjs";

// Each call starts a process, so of each class only the first three keys are asked.
for (const [kind, keys] of Object.entries(hostile.classes)) {
  await check(`keys.${kind}`, async () => {
    const name = await freshBucket();
    const some = keys.slice(0, 3);
    await each(some, async (key) => {
      await api("put-object", "--bucket", name, `--key=${key}`, "--body", file("k", key));
      await api("get-object", "--bucket", name, `--key=${key}`, `${scratch}/k.back`);
      same(readFileSync(`${scratch}/k.back`, "utf8"), key, "body");
    });
    same(
      (await said("list-objects-v2", "--bucket", name)).Contents.map((/** @type {any} */ o) => o.Key),
      inByteOrder(some),
      "listed",
    );
  });
}

await check("tree.sync", async () => {
  // Older than what is sent: sync compares times, and a server may keep whole seconds.
  for (const name of ["a.txt", "sub/b c.txt", "sub/deep/é+%25.txt"])
    utimesSync(file(`tree/${name}`, name), 1_700_000_000, 1_700_000_000);
  await ok(["s3", "sync", `${scratch}/tree`, `s3://${bucket}/tree`]);
  await ok(["s3", "sync", `s3://${bucket}/tree`, `${scratch}/back`]);
  same(tree(`${scratch}/back`), tree(`${scratch}/tree`));
  same((await ok(["s3", "sync", `${scratch}/tree`, `s3://${bucket}/tree`])).stdout, "", "a second sync sends");
});
await check("tree.remove", async () => {
  for (const key of ["rm/1", "rm/2/3", "rm-not"]) await api("put-object", ...b, "--key", key);
  await ok(["s3", "rm", "--recursive", `s3://${bucket}/rm/`]);
  same(
    (await said("list-objects-v2", ...b, "--prefix", "rm")).Contents.map((/** @type {any} */ o) => o.Key),
    ["rm-not"],
  );
});
