/** Processes that share a cache folder and read one object that nobody has: one of them fetches it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readlink, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const count = 20;
let folder = "";
let s3: S3Server;
let readers: readonly Reader[];

interface Reader {
  readonly child: ChildProcess;
  /** What the next read of this address gives: its SHA-256, or the code of its failure. */
  read(uri: string): Promise<string>;
}

const program = `
  import { createHash } from "node:crypto";
  import { createInterface } from "node:readline";
  import { entrepot } from "entrepot";
  const data = entrepot(JSON.parse(process.argv[1]));
  console.log("ready");
  for await (const uri of createInterface({ input: process.stdin })) {
    const said = await data.readBytes(uri).then((bytes) => createHash("sha256").update(bytes).digest("hex"), String);
    console.log(said);
  }
`;

async function startReader(): Promise<Reader> {
  const options = JSON.stringify({ ...s3.options, envFile: false, cache: { dir: join(folder, "cache") } });
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, options], {
    cwd: root,
    env: { PATH: process.env["PATH"] },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("ready");
  return {
    child,
    read: async (uri) => {
      child.stdin.write(`${uri}\n`);
      return String((await lines.next()).value);
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-one-download-"));
  s3 = await startS3Server({ buckets: ["b"] });
  readers = await Promise.all(Array.from({ length: count }, startReader));
});

afterAll(async () => {
  const ends = readers
    .filter(({ child }) => child.exitCode === null && child.signalCode === null)
    .map(({ child }) => once(child, "exit"));
  for (const { child } of readers) child.kill("SIGKILL");
  await Promise.all(ends);
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(() => s3.clearRequests());

async function put(key: string): Promise<{ readonly uri: string; readonly sha256: string }> {
  const bytes = randomBytes(2 * 1024 * 1024);
  await s3.load({ [`s3://b/${key}`]: bytes });
  return { uri: `s3://b/${key}`, sha256: createHash("sha256").update(bytes).digest("hex") };
}

test("twenty processes that read one cold object fetch one body", async () => {
  const { uri, sha256 } = await put("cold.bin");
  s3.inject("GET cold.bin latency 1s");
  const read = await Promise.all(readers.map((reader) => reader.read(uri)));
  expect(new Set(read)).toEqual(new Set([sha256]));
  // Who came after it was asked for asks whether it is current, and gets no body.
  const [first, ...others] = s3.requests.map(({ method, status }) => `${method} ${status}`);
  expect(first).toBe("GET 200");
  expect(others.filter((other) => other !== "GET 304")).toEqual([]);
  expect(await readdir(join(folder, "cache/objects/v1/locks"))).toEqual([]);
});

test("a process that is killed while it fetches is replaced within a second, by one", async () => {
  const { uri, sha256 } = await put("killed.bin");
  s3.inject("GET killed.bin stall-after 1MiB");
  const reads = readers.map((reader) => reader.read(uri));
  await halfway();
  const locks = join(folder, "cache/objects/v1/locks");
  const name = (await readdir(locks)).find((lock) => lock.endsWith(".0")) ?? "";
  const pid = Number((await readlink(join(locks, name))).split("-")[2]);
  const holder = readers.findIndex(({ child }) => child.pid === pid);
  const killedMs = Date.now();
  readers[holder]?.child.kill("SIGKILL");
  const others = await Promise.all(reads.filter((_, index) => index !== holder));
  expect(new Set(others)).toEqual(new Set([sha256]));
  const [, second, ...rest] = s3.requests.filter(({ status }) => status === 200);
  expect(rest).toEqual([]);
  // On a busy machine; by itself it takes a tenth of a second.
  expect((second?.startedMs ?? Number.POSITIVE_INFINITY) - killedMs).toBeLessThan(3_000);
  expect((await readdir(locks)).filter((lock) => !lock.endsWith(".w"))).toEqual([]);
});

/** Until part of a body lies in the folder. */
async function halfway(): Promise<void> {
  const objects = join(folder, "cache/objects/v1");
  for (;;) {
    const names = await readdir(objects, { recursive: true });
    const pending = names.filter((name) => name.includes(".entrepot-")).map((name) => join(objects, name));
    const sizes = await Promise.all(
      pending.map((path) =>
        stat(path).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
    );
    if (sizes.some((size) => size > 0)) return;
    await new Promise(setImmediate);
  }
}

test("what is not there, each process is told by the server itself", async () => {
  const read = await Promise.all(
    readers
      .filter(({ child }) => child.signalCode === null)
      .slice(0, 4)
      .map((reader) => reader.read("s3://b/none")),
  );
  expect(read.every((said) => said.includes("none"))).toBe(true);
});
