import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openNodeDisk } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { openMemoryStore } from "../store/index.ts";
import { carryOut, type Item, type JobSettings } from "./index.ts";

const store = openMemoryStore();
const disk = openNodeDisk();
const placeOf = (uri: string) => ({ store, key: uri.slice(store.uri.length), uri });
let folder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-plan-"));
});
afterAll(() => rm(folder, { recursive: true }));

function jobIn(options: Readonly<Record<string, unknown>> = {}): JobSettings {
  count += 1;
  return {
    disk,
    folder: join(folder, String(count)),
    now: () => 0,
    places: { source: placeOf, target: placeOf },
    identity: { verb: "copy", from: "memory:///from/", to: "memory:///to/", options },
  };
}

const settings = { concurrency: 8, warn: () => {}, now: () => 0 } as const;
const copyOf = (name: string, problem?: EntrepotError): Item => ({
  kind: "copy",
  job: {
    from: placeOf(`memory:///from/${name}`),
    to: placeOf(`memory:///to/${name}`),
    sizeBytes: 1,
    etag: "x",
    problem,
  },
  reason: "new",
});

describe("a plan of more items than are held in memory", () => {
  test("is carried out from disk: all of it, removals last, each with its reason", async () => {
    const names = Array.from({ length: 5000 }, (_, index) => `ü ${index}`);
    for (const name of names) await store.write(`from/${name}`, Buffer.from("x"));
    const items = async function* (): AsyncGenerator<Item> {
      yield { kind: "remove", job: { what: placeOf("memory:///from/ü 0"), sizeBytes: 1 } };
      yield { kind: "skip", uri: "memory:///from/same", target: "memory:///to/same", sizeBytes: 7, reason: "same" };
      for (const name of names) yield copyOf(name);
    };
    const told: string[] = [];
    const job = jobIn();
    const { plan, copied, removed, skipped } = await carryOut(items(), {
      ...settings,
      job,
      onFile: ({ action, reason }) => void told.push(`${action} ${reason}`),
    });
    expect(plan).toMatchObject({ objects: 5001, sizeBytes: 5000 });
    expect([copied.objects, removed.objects, skipped]).toEqual([5000, 1, { objects: 1, sizeBytes: 7 }]);
    expect(told.at(-1)).toBe("remove undefined");
    expect(told.filter((line) => line === "copy new").length).toBe(5000);
    expect(told.filter((line) => line === "skip same").length).toBe(1);
    expect(await readdir(job.folder)).toEqual([]);
  });

  test("leaves nothing on disk when it ends after the plan, or in the middle of it", async () => {
    const many = async function* (fails: boolean): AsyncGenerator<Item> {
      for (let index = 0; index < 5000; index += 1) yield copyOf(String(index));
      if (fails) throw new EntrepotError("forbidden", "the listing ended");
    };
    const dry = jobIn();
    const { plan } = await carryOut(many(false), { ...settings, job: dry, dryRun: true });
    expect(plan?.objects).toBe(5000);
    expect(await readdir(dry.folder)).toEqual([]);
    const failing = jobIn();
    await expect(carryOut(many(true), { ...settings, job: failing })).rejects.toMatchObject({ code: "forbidden" });
    expect(await readdir(failing.folder)).toEqual([]);
  });
});

describe("a plan on disk that goes wrong while it is carried out", () => {
  const names = Array.from({ length: 4200 }, (_, index) => String(index));
  const items = async function* (): AsyncGenerator<Item> {
    yield { kind: "remove", job: { what: placeOf("memory:///to/keep"), sizeBytes: 1 } };
    for (const name of names) yield copyOf(name);
  };
  const spoiled = async (spoil: (path: string) => Promise<void>) => {
    await store.write("to/keep", Buffer.from("x"));
    for (const name of names) await store.write(`from/${name}`, Buffer.from("x"));
    const job = jobIn();
    const onPlan = async () => {
      const [file = ""] = await readdir(job.folder);
      await spoil(join(job.folder, file));
    };
    return carryOut(items(), { ...settings, job, onPlan });
  };

  test("is an error where its file has gone, and nothing is removed", async () => {
    await expect(spoiled((path) => rm(path))).rejects.toMatchObject({ code: "io" });
    expect((await store.stat("to/keep")).sizeBytes).toBe(1);
  });

  test("is an error where a byte of it has changed, and nothing is removed", async () => {
    const flip = async (path: string) => {
      const bytes = await readFile(path);
      const at = bytes.indexOf("from/2000");
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await writeFile(path, bytes);
    };
    await expect(spoiled(flip)).rejects.toMatchObject({ code: "malformed" });
    expect((await store.stat("to/keep")).sizeBytes).toBe(1);
  });

  test("is an error where its end has gone, and nothing is removed", async () => {
    const cut = async (path: string) => writeFile(path, (await readFile(path)).subarray(0, -100));
    await expect(spoiled(cut)).rejects.toMatchObject({ code: "malformed" });
    expect((await store.stat("to/keep")).sizeBytes).toBe(1);
  });
});

test("a long plan of addresses with queries keeps these in memory only, and asks with them", async () => {
  const names = Array.from({ length: 4200 }, (_, index) => String(index));
  for (const name of names) await store.write(`signed/${name}`, Buffer.from(name));
  const source = (uri: string) => ({ store, key: `signed/${new URL(uri).searchParams.get("sig")}`, uri });
  const items = async function* (): AsyncGenerator<Item> {
    for (const name of names) {
      const from = source(`https://host/of/${name}?sig=${name}`);
      yield { kind: "copy", job: { from, to: placeOf(`memory:///signed-to/${name}`), sizeBytes: name.length } };
    }
  };
  const job = { ...jobIn(), places: { source, target: placeOf } };
  let onDisk = "";
  const onPlan = async () => {
    const [file = ""] = await readdir(job.folder);
    onDisk = await readFile(join(job.folder, file), "utf8");
  };
  const { copied } = await carryOut(items(), { ...settings, job, onPlan });
  expect([copied.objects, onDisk.includes("https://host/of/4199"), onDisk.includes("sig=")]).toEqual([
    4200,
    true,
    false,
  ]);
  expect((await store.stat("signed-to/4199")).sizeBytes).toBe(4);
});

test("where a long plan finds no room on this disk, that is found once", async () => {
  let tries = 0;
  const makeFolder = async () => {
    tries += 1;
    throw new EntrepotError("no-space", "the disk is full");
  };
  const full = new Proxy(disk, {
    get(target, name) {
      const value: unknown = name === "makeFolder" ? makeFolder : Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  const items = async function* (): AsyncGenerator<Item> {
    for (let index = 0; index < 5000; index += 1) yield copyOf(String(index));
  };
  const job = { ...jobIn(), disk: full };
  const { plan } = await carryOut(items(), { ...settings, job, dryRun: true });
  expect([plan?.objects, tries]).toEqual([5000, 1]);
});

test("where no journal can be kept the job is done without", async () => {
  await store.write("from/good", Buffer.from("x"));
  await store.write("from/well", Buffer.from("x"));
  const items = async function* (): AsyncGenerator<Item> {
    yield copyOf("good");
    yield copyOf("well");
  };
  const job = { ...jobIn(), folder: "/proc/nowhere/jobs" };
  const { copied, jobId } = await carryOut(items(), { ...settings, job });
  expect([copied.objects, jobId]).toEqual([2, undefined]);
});
