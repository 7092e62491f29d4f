/** A strict S3 server in Node's own test runner: one for the file, set back after each test. `node --test examples/testing-node/` */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { entrepot } from "entrepot";
import { startS3Server } from "entrepot/testing";
import { addUp } from "./sales.mjs";

/** @type {import("entrepot/testing").S3Server} */
let s3;
/** @type {import("entrepot").Depot} */
let data;

before(async () => {
  s3 = await startS3Server({
    fixtures: {
      "shop/2026/january.csv": "day,amount\n1,10\n2,20\n",
      "shop/2026/february.csv": { body: "day,amount\n1,12\n", contentType: "text/csv" },
      "shop/2026/notes.txt": "not a table",
    },
  });
  data = entrepot({ ...s3.options, cache: false });
});
afterEach(() => s3.reset());
after(async () => {
  await data.close();
  await s3.close();
});

test("adds up every table and nothing else", async () => {
  assert.equal(await addUp(data, "s3://shop/2026/"), 42);
  assert.deepEqual(await s3.objects("shop").get("2026/total.json")?.json(), { total: 42 });
});

test("costs one listing, a GET for each table and a PUT", async () => {
  const requests = await s3.during(() => addUp(data, "s3://shop/2026/"));
  requests.expectRequests({ ListObjectsV2: 1, GetObject: 2, PutObject: 1 });
});

test("survives a server that is too busy, and a connection that breaks", async () => {
  s3.inject("GET 2026/january.csv 503 SlowDown", "GET 2026/february.csv cut-after 5");
  assert.equal(await addUp(data, "s3://shop/2026/"), 42);
  assert.equal(s3.count({ operation: "GetObject", status: 503 }), 1);
  assert.deepEqual(s3.pendingFaults, []);
});

test("writes no total when a table may not be read", async () => {
  s3.inject("GET 2026/february.csv 403 AccessDenied");
  await assert.rejects(addUp(data, "s3://shop/2026/"), { code: "forbidden" });
  assert.equal(s3.count("PutObject"), 0);
});
