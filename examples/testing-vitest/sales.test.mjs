/** A strict S3 server in vitest: one for the file, set back after each test. `npx vitest run --root examples/testing-vitest` */
import { entrepot } from "entrepot";
import { s3Matchers, startS3Server } from "entrepot/testing";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addUp } from "./sales.mjs";

expect.extend(s3Matchers);

/** @type {import("entrepot/testing").S3Server} */
let s3;
/** @type {import("entrepot").Depot} */
let data;

beforeAll(async () => {
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
afterAll(async () => {
  await data.close();
  await s3.close();
});

test("adds up every table and nothing else", async () => {
  expect(await addUp(data, "s3://shop/2026/")).toBe(42);
  expect(await s3.objects("shop").get("2026/total.json")?.json()).toEqual({ total: 42 });
});

test("costs one listing, a GET for each table and a PUT", async () => {
  await addUp(data, "s3://shop/2026/");
  expect(s3).toHaveReceived({ ListObjectsV2: 1, GetObject: 2, PutObject: 1 });
});

test("survives a server that is too busy, and a connection that breaks", async () => {
  s3.inject("GET 2026/january.csv 503 SlowDown", "GET 2026/february.csv cut-after 5");
  expect(await addUp(data, "s3://shop/2026/")).toBe(42);
  expect(s3.count({ operation: "GetObject", status: 503 })).toBe(1);
  expect(s3.pendingFaults).toEqual([]);
});

test("writes no total when a table may not be read", async () => {
  s3.inject("GET 2026/february.csv 403 AccessDenied");
  await expect(addUp(data, "s3://shop/2026/")).rejects.toMatchObject({ code: "forbidden" });
  expect(s3).not.toHaveReceivedRequest("PutObject");
});
