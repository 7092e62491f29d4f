/** What a program without a compiler may write by mistake: nothing is lost, nothing is sent, and the way out is said. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Bench, openS3 } from "./backends.ts";

let bench: Bench & { readonly s3: { readonly requests: readonly unknown[] } };
beforeAll(async () => {
  bench = await openS3(true);
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.data.writeText("s3://b/dir/a.txt", "kept");
});

test.each(["true", "yes", 1, {}])("dryRun: %j asks for nothing and removes nothing", async (dryRun) => {
  const { data, s3 } = bench;
  const before = s3.requests.length;
  const options = { recursive: true, dryRun } as never;
  await expect(data.remove("s3://b/dir/", options)).rejects.toThrow(/^dryRun of remove\(\) is true or false, not /);
  await expect(data.move("s3://b/dir/", "s3://b/to/", { dryRun } as never)).rejects.toThrow(TypeError);
  await expect(data.copy("s3://b/dir/", "s3://b/to/", { dryRun } as never)).rejects.toThrow(TypeError);
  await expect(data.cache.prune({ maxBytes: 0 }, { dryRun } as never)).rejects.toThrow(TypeError);
  expect(s3.requests.length).toBe(before);
  expect(await data.list("s3://b/").uris()).toContain("s3://b/dir/a.txt");
});

test("no URL for others removes anything", async () => {
  await expect(bench.data.presign("s3://b/dir/a.txt", { method: "DELETE" as never })).rejects.toThrow(
    /^method of presign\(\) is GET or PUT, not "DELETE"/,
  );
});

test("credentials may be given at once by a function, and say what they lack", async () => {
  const { data } = bench;
  const keys = { accessKeyId: "x", secretAccessKey: "y" };
  const given = (credentials: unknown) => data.with({ cache: false, credentials: (() => credentials) as never });
  await expect(given(keys).readText("s3://b/dir/a.txt")).rejects.toMatchObject({
    message: expect.not.stringMatching(/then|undefined/),
    code: expect.stringMatching(/^(forbidden|unauthenticated)$/),
  });
  for (const [credentials, problem] of [
    [null, "null"],
    [undefined, "undefined"],
    ["AKID", "a string"],
    [{ accessKeyId: "x" }, "no secretAccessKey"],
  ]) {
    await expect(given(credentials).readText("s3://b/dir/a.txt")).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining(`the function that gives credentials gave ${problem}`),
    });
  }
});
