/** What the cache takes for the same object: never what another store, reader or key has under the same name. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, type EntrepotOptions, entrepot } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

const uri = "s3://b/folder/a.txt";
let folder = "";
let opened: { close(): Promise<unknown> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-identity-"));
  opened = [];
});
afterEach(async () => {
  for (const each of opened.reverse()) await each.close();
  await rm(folder, { recursive: true, force: true });
});

async function server(text: string, options: Parameters<typeof startS3Server>[0] = {}): Promise<S3Server> {
  const s3 = await startS3Server({ buckets: ["b"], ...options });
  opened.push(s3);
  await s3.load({ [uri]: text });
  return s3;
}

/** All of them with one cache folder. */
function depot(options: EntrepotOptions): Depot {
  const data = entrepot({ env: {}, envFile: false, cache: { dir: join(folder, "cache") }, ...options }) as Depot;
  opened.push(data);
  return data;
}

const offlineOf = (options: EntrepotOptions) => depot({ ...options, network: "offline" });
const notCached = { code: "not-cached" };

test("two endpoints with the same bucket and key are two objects, also when both have it in the same second and size", async () => {
  const [one, two] = [await server("one"), await server("two")];
  for (let times = 0; times < 2; times += 1) {
    for (const [s3, text] of [
      [one, "one"],
      [two, "two"],
    ] as const) {
      expect(await depot(s3.options).readText(uri)).toBe(text);
      expect(await offlineOf(s3.options).readText(uri)).toBe(text);
    }
  }
  // what one of them lost the other still has
  await depot(one.options).remove(uri);
  await expect(offlineOf(one.options).readText(uri)).rejects.toMatchObject(notCached);
  expect(await offlineOf(two.options).readText(uri)).toBe("two");
});

test("what was read with a signature is not given to the anonymous, nor the other way round", async () => {
  const s3 = await server("public", { anonymous: true });
  const { credentials: _, ...open } = s3.options;
  const anonymous: EntrepotOptions = { ...open, anonymous: true };
  expect(await depot(s3.options).readText(uri)).toBe("public");
  await expect(offlineOf(anonymous).readText(uri)).rejects.toMatchObject(notCached);
  expect(await depot(anonymous).readText(uri)).toBe("public");
  expect(await offlineOf(anonymous).readText(uri)).toBe("public");
  s3.clearRequests();
  expect(await depot(s3.options).readText(uri)).toBe("public");
  expect(s3.requests.map(({ status }) => status)).toEqual([304]);
});

test("a reader without the right to it gets nothing that another left", async () => {
  const s3 = await server("private");
  expect(await depot(s3.options).readText(uri)).toBe("private");
  const stranger = { ...s3.options, credentials: { accessKeyId: "stranger", secretAccessKey: "nothing" } };
  await expect(depot(stranger).readText(uri)).rejects.toMatchObject({ code: "unauthenticated" });
});

test("the region in the settings makes no other object", async () => {
  const s3 = await server("one");
  expect(await depot(s3.options).readText(uri)).toBe("one");
  for (const region of ["eu-west-1", "ap-south-1"]) {
    expect(await offlineOf({ ...s3.options, region }).readText(uri)).toBe("one");
  }
});

test("a name written in another way is another object: case, signs and slashes count", async () => {
  const names = ["a", "A", "a ", "a%20", "a+", "ä", "a\u0308", "a/", "/a", "./a", "a?x=1", "a#1"];
  const s3 = await server("");
  await s3.load(Object.fromEntries(names.map((name) => [`s3://b/k${name}`, `<${name}>`])));
  const keyed = (name: string) => ({ bucket: "b", key: `k${name}` });
  const [online, offline] = [depot(s3.options), offlineOf(s3.options)];
  for (const name of names) expect(await online.readText(keyed(name))).toBe(`<${name}>`);
  for (const name of names) expect(await offline.readText(keyed(name))).toBe(`<${name}>`);
});

test("a replacement of the same size in the same second is read, again and again", async () => {
  const s3 = await server("0");
  const data = depot(s3.options);
  for (let round = 0; round < 10; round += 1) {
    await s3.load({ [uri]: String(round) });
    expect(await data.readText(uri)).toBe(String(round));
    expect(await offlineOf(s3.options).readText(uri)).toBe(String(round));
  }
});
