/** A lock of what a run read: kept in a file, held over the next run, and held against another one. */
import { mkdtemp, readFile, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { type Depot, entrepot, recordReads } from "entrepot";
import { type InputsLock, lockDiff, lockOf, readLock, withLock, writeLock } from "entrepot/flow";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

let s3: S3Server;
let sdk: S3Client;
let folder: string;
let data: Depot;

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ["b", "kept"] });
  const { accessKeyId, secretAccessKey } = s3.credentials;
  const credentials = { accessKeyId, secretAccessKey };
  sdk = new S3Client({ endpoint: s3.endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  const on = { Status: "Enabled" } as const;
  await sdk.send(new PutBucketVersioningCommand({ Bucket: "kept", VersioningConfiguration: on }));
  s3.snapshot();
});
afterAll(async () => {
  sdk.destroy();
  await s3.close();
});
beforeEach(async () => {
  s3.reset();
  folder = await mkdtemp(join(tmpdir(), "entrepot-lock-"));
  data = entrepot({ ...s3.options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });
  await data.writeText("s3://b/in/a", "one");
  await data.writeText("s3://b/in/b", "two");
  await data.writeText("s3://kept/k", "first");
  await data.writeText(`${folder}/local/x.txt`, "local");
});
afterEach(async () => {
  await data.close();
  await rm(folder, { recursive: true });
});

/** A run: what it reads is all that it does. */
const run = async () => [
  ...(await data.readMany("s3://b/in/", { as: "text" }).toArray()).map(({ text }) => text),
  await data.readText("s3://kept/k"),
  await data.readText(`${folder}/local/x.txt`),
  await data.exists("s3://b/none"),
];
const given = ["one", "two", "first", "local", false];
const lockNow = async () => lockOf((await recordReads(run)).reads);
const at = () => `${folder}/inputs.lock.json`;

describe("the file", () => {
  test("has one line for each input, in the order of their addresses, and is read back as it was", async () => {
    const lock = await lockNow();
    expect(await writeLock(data, at(), lock)).toEqual({ changed: true });
    const text = await readFile(at(), "utf8");
    const lines = text.split("\n").filter((line) => line.startsWith("    {"));
    expect(lines.map((line) => JSON.parse(line.replace(/,$/, ""))["uri"])).toEqual([
      "./local/x.txt",
      "s3://b/in/",
      "s3://b/in/a",
      "s3://b/in/b",
      "s3://b/none",
      "s3://kept/k",
    ]);
    expect(await readLock(data, at())).toEqual(lock);
  });

  test("is the same whatever order things were read in, and then not written again", async () => {
    await writeLock(data, at(), await lockNow());
    const { reads } = await recordReads(run);
    expect(await writeLock(data, at(), lockOf(reads.toReversed()))).toEqual({ changed: false });
  });

  test("knows a file of this disk by its bytes, wherever its folder lies", async () => {
    await writeLock(data, at(), await lockNow());
    await utimes(`${folder}/local/x.txt`, 1, 1);
    await data.copy(`${folder}/local/`, `${folder}/elsewhere/local/`);
    await data.copy(at(), `${folder}/elsewhere/`);
    const moved = await readLock(data, `${folder}/elsewhere/inputs.lock.json`);
    expect(moved.inputs[0]?.uri).toBe(`file://${folder}/elsewhere/local/x.txt`);
    expect(await data.changedSince(moved.inputs)).toEqual([]);
    await rm(`${folder}/elsewhere/local/x.txt`);
    expect(await data.changedSince(moved.inputs)).toMatchObject([{ kind: "gone" }]);
  });

  test("lies in a bucket as well", async () => {
    const lock = await lockNow();
    await writeLock(data, "s3://b/inputs.lock.json", lock);
    expect(await readLock(data, "s3://b/inputs.lock.json")).toEqual(lock);
  });

  test("is no input of the work that reads it", async () => {
    await writeLock(data, at(), await lockNow());
    const { reads } = await recordReads(async () => {
      const lock = await readLock(data, at());
      await writeLock(data, at(), lock);
    });
    expect(reads).toEqual([]);
  });
});

describe("a file that is none", () => {
  const whole = (inputs: unknown) => JSON.stringify({ format: "entrepot inputs", version: 1, inputs });
  const entry = { kind: "object", uri: "s3://b/k", sizeBytes: 1 };
  test.each<[what: string, text: string, code: string, message: RegExp]>([
    ["no JSON", "{", "malformed", /it is no JSON/],
    ["a half-merged one", "<<<<<<< ours\n{}", "malformed", /it is no JSON/],
    ["another JSON", "[]", "malformed", /"format"/],
    ["null", "null", "malformed", /"format"/],
    ["a newer one", '{"format":"entrepot inputs","version":2}', "unsupported", /version 2/],
    ["no version", '{"format":"entrepot inputs"}', "malformed", /"version"/],
    ["inputs that are no list", whole({}), "malformed", /no list/],
    ["an input that is nothing", whole([null]), "malformed", /inputs\[0\] has no "kind"/],
    ["an input of another kind", whole([{ ...entry, kind: "toString" }]), "malformed", /inputs\[0\] has no "kind"/],
    ["a size that is none", whole([{ ...entry, sizeBytes: -1 }]), "malformed", /"sizeBytes"/],
    ["a checksum that is none", whole([{ ...entry, checksum: "sha256:x" }]), "malformed", /"checksum"/],
    ["an address that is none", whole([{ ...entry, uri: "../../etc/passwd" }]), "malformed", /no full address/],
    ["an input twice", whole([entry, entry]), "malformed", /twice/],
    [
      "a pattern that is none",
      whole([
        {
          kind: "listing",
          uri: "s3://b/",
          entries: 0,
          digest: `sha256:${"0".repeat(64)}`,
          options: { verb: "list", match: ["(", ""] },
        },
      ]),
      "malformed",
      /"options"/,
    ],
  ])("%s", async (_what, text, code, message) => {
    await data.writeText(at(), text);
    await expect(readLock(data, at())).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      hint: expect.any(String),
    });
  });

  test("a name of a prototype is a name", async () => {
    await data.writeText(
      at(),
      whole([{ ...entry, uri: "s3://b/__proto__" }]).replace('"kind"', '"__proto__":{"x":1},"kind"'),
    );
    const { inputs } = await readLock(data, at());
    expect(inputs).toEqual([{ ...entry, uri: "s3://b/__proto__" }]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe("a run under its lock", () => {
  let lock: InputsLock;
  beforeEach(async () => {
    lock = await lockNow();
  });

  test("gives what it gave, and is recorded as it was", async () => {
    expect(await withLock(data, lock, run)).toEqual(given);
    const { reads } = await recordReads(() => withLock(data, lock, run));
    expect(lockDiff(lock, lockOf(reads)).differences).toEqual([]);
  });

  test("fails before a byte is used when inputs changed, and names each of them", async () => {
    await data.writeText("s3://b/in/a", "ONE");
    await data.remove("s3://b/in/b");
    await data.writeText("s3://b/none", "now");
    await data.writeText(`${folder}/local/x.txt`, "LOCAL");
    let began = false;
    s3.clearRequests();
    const error = await withLock(data, lock, async () => {
      began = true;
      return run();
    }).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: "changed", hint: expect.stringContaining("write it anew") });
    const { message } = error as Error;
    for (const name of ["s3://b/in/a", "s3://b/in/b", "s3://b/none", "local/x.txt", "s3://b/in/:"])
      expect(message).toContain(name);
    expect(message).not.toContain("s3://kept/k");
    expect(began).toBe(false);
    const fetched = s3.requests.filter(({ method, key }) => method === "GET" && key !== "");
    expect(fetched).toEqual([]);
  });

  test("reads the version of then where the bucket kept it, by every verb", async () => {
    await data.writeText("s3://kept/k", "second");
    await data.remove("s3://kept/k");
    await data.writeText("s3://kept/k", "third!");
    expect(await withLock(data, lock, run)).toEqual(given);
    const all = await withLock(data, lock, async () => ({
      text: await data.readText("s3://kept/k"),
      past: await data.readText("s3://kept/k", { cache: "bypass" }),
      range: Buffer.from(await data.readRange("s3://kept/k", { start: 0, end: 2 })).toString(),
      size: (await data.stat("s3://kept/k")).sizeBytes,
      copied: await data.localCopy("s3://kept/k", (path) => readFile(path, "utf8")),
      lines: await data.readLines("s3://kept/k", { limit: 1 }),
    }));
    expect(all).toEqual({ text: "first", past: "first", range: "fi", size: 5, copied: "first", lines: ["first"] });
    expect(await data.readText("s3://kept/k")).toBe("third!");
  });

  test("also where it is replaced while the work runs; elsewhere that is an error", async () => {
    let begun: () => void = () => undefined;
    let goOn: () => void = () => undefined;
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const mayGoOn = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const running = withLock(data, lock, async () => {
      begun();
      await mayGoOn;
      const kept = await data.readText("s3://kept/k");
      const other = await data.readText("s3://b/in/a").catch(({ code, uri }) => [code, uri]);
      return [kept, other];
    });
    await hasBegun;
    const other = data.with({ cache: false });
    await other.writeText("s3://kept/k", "while it ran");
    await other.writeText("s3://b/in/a", "while it ran");
    goOn();
    expect(await running).toEqual(["first", ["changed", "s3://b/in/a"]]);
  });

  test("a version that the bucket has let go is a change", async () => {
    const [read] = lock.inputs.filter(({ uri }) => uri === "s3://kept/k");
    await data.writeText("s3://kept/k", "second");
    await data.remove({ bucket: "kept", key: "k", versionId: (read as { versionId: string }).versionId } as never);
    await expect(withLock(data, lock, run)).rejects.toMatchObject({ code: "changed", uri: "s3://kept/k" });
  });

  test("reads and lists nothing that is not in it, but what it wrote itself", async () => {
    const refused = (work: () => unknown) =>
      expect(withLock(data, lock, work)).rejects.toMatchObject({
        code: "changed",
        message: expect.stringContaining("not what the lock says"),
      });
    await data.writeText("s3://b/new", "new");
    await refused(() => data.readText("s3://b/new"));
    await refused(() => data.exists("s3://b/new"));
    await refused(() => data.list("s3://b/").uris());
    await refused(() => data.glob("s3://b/in/*").uris());
    expect(
      await withLock(data, lock, async () => {
        await data.writeText("s3://b/out", "mine");
        return data.readText("s3://b/out");
      }),
    ).toBe("mine");
  });

  test("goes offline with local copies", async () => {
    const offline = data.with({ network: "offline" });
    const kept = lockOf((await recordReads(() => data.readText("s3://b/in/a"))).reads);
    expect(await withLock(offline, kept, () => offline.readText("s3://b/in/a"))).toBe("one");
  });
});

describe("two locks", () => {
  test("that are the same differ in nothing", async () => {
    const lock = await lockNow();
    expect(lockDiff(lock, lock)).toEqual({ same: true, differences: [], unchanged: 6 });
  });

  test("say what was read in another version, by one of them only, or came and went", async () => {
    const before = await lockNow();
    await data.writeText("s3://b/in/a", "longer");
    await data.writeText(`${folder}/local/x.txt`, "LOCAL");
    await data.writeText("s3://b/none", "now");
    const { reads } = await recordReads(async () => {
      await run();
      await data.readText("s3://b/none");
    });
    const after = lockOf(reads.filter(({ uri }) => uri !== "s3://b/in/b"));
    const { same, differences, unchanged } = lockDiff(before, after);
    expect([same, unchanged]).toEqual([false, 1]);
    expect(
      differences.map(({ uri, why }) => `${uri.replace(`file://${folder}`, ".")}: ${why.replaceAll(/"\w+"/g, "…")}`),
    ).toEqual([
      "./local/x.txt: other bytes, 5 bytes",
      "s3://b/in/: listing: other entries, or other versions of them, 2 entries",
      "s3://b/in/a: another version, 3 → 6 bytes, ETag … → …",
      "s3://b/in/b: read only by the first: 3 bytes, ETag …",
      "s3://b/none: was not there, and is: 3 bytes, ETag …",
    ]);
  });
});
