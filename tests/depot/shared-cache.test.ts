/** Depots that share a cache folder, derived from one another or not. */
import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Depot, type DepotEvent, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openS3 } from "./backends.ts";

type S3Bench = Awaited<ReturnType<typeof openS3>>;
let bench: S3Bench;

beforeEach(async () => {
  bench = await openS3(true);
  await bench.data.writeText("a.txt", "one\n");
});
afterEach(() => bench.close());

function another(limits: { readonly maxBytes?: number } = {}): Depot {
  return entrepot({
    ...bench.s3.options,
    roots: { test: "s3://b/root/" },
    location: "test",
    env: {},
    envFile: false,
    cache: { dir: join(bench.folder, "cache"), ...limits },
  }) as unknown as Depot;
}

describe.each<[string, () => Depot]>([
  ["a derived depot with another bound", () => bench.data.with({ cache: { maxBytes: 10 } })],
  ["a derived depot with another mode", () => bench.data.with({ cache: { mode: 0o660 } })],
  ["a depot of its own", () => another()],
  ["a depot of its own with another bound", () => another({ maxBytes: 10 })],
])("%s", (_, open) => {
  test("does not take away what is open as a local copy", async () => {
    const other = open();
    const copy = await bench.data.localCopy("a.txt");
    expect((await other.cache.clear()).removed.objects).toBe(0);
    expect((await other.cache.prune({ maxBytes: 0 })).removed.objects).toBe(0);
    await other.writeText("b.txt", "nine byte");
    await other.writeText("a.txt", "two\n");
    await other.close();
    expect(await readFile(copy.path, "utf8")).toBe("one\n");
    await copy.close();
  });

  test("reads what is there with one conditional request", async () => {
    const other = open();
    bench.s3.clearRequests();
    expect(await other.readText("a.txt")).toBe("one\n");
    expect(bench.s3.requests.map(({ method, status }) => ({ method, status }))).toEqual([
      { method: "GET", status: 304 },
    ]);
    await other.close();
  });
});

test("a folder's address without a slash does not mean its neighbours", async () => {
  const { data } = bench;
  for (const name of ["run1/a", "run10/a", "run1"]) await data.writeText(name, name);
  const uris = (names: readonly string[]) => names.map((name) => `s3://b/root/${name}`);
  expect(await data.cache.list("run1").uris()).toEqual(uris(["run1", "run1/a"]));
  expect(await data.cache.list("run1/").uris()).toEqual(uris(["run1/a"]));
  expect((await data.cache.clear("run1")).removed.objects).toBe(2);
  expect(await data.cache.list().uris()).toEqual(uris(["a.txt", "run10/a"]));
  expect(await data.cache.list("s3://b").uris()).toHaveLength(2);
});

test("a cache that cannot be used warns the depot whose call met it, and no other", async () => {
  const dir = join(bench.folder, "open-to-all");
  await mkdir(dir);
  await chmod(dir, 0o777);
  const told: Record<string, DepotEvent[]> = { first: [], second: [] };
  const telling = (name: "first" | "second") =>
    bench.data.with({ cache: { dir }, onEvent: (event) => event.type === "warning" && told[name]?.push(event) });
  const [first, second] = [telling("first"), telling("second")];
  await second.readText("a.txt");
  await second.readText("a.txt");
  expect(told).toMatchObject({ first: [], second: [{ error: { code: "misconfigured" } }] });
  await first.readText("a.txt");
  expect(told["first"]).toHaveLength(1);
  expect(told["second"]).toHaveLength(1);
});
