import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { failNth } from "./fail-nth.ts";
import { nodeFsOperations } from "./fs-operations.ts";
import { openNodeDisk } from "./open-node-disk.ts";

const disk = openNodeDisk();
const bytes = (text: string) => new TextEncoder().encode(text);
let root = "";

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-disk-"));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

test("a pending file is not seen under its name until it is committed, and leaves nothing when discarded", async () => {
  const pending = await disk.createPending(root, { suffix: ".csv" });
  expect(pending.path).toMatch(/\.entrepot-[0-9a-f]{32}\.tmp(?:@\d+\.\d+\.[0-9a-f]{8})?\.csv$/);
  await pending.write(bytes("one,"));
  await pending.write(bytes("two"));
  expect(pending.sizeBytes).toBe(7);
  expect(fs.existsSync(join(root, "x.csv"))).toBe(false);
  const stat = await pending.commit(join(root, "x.csv"));
  expect(stat.sizeBytes).toBe(7);
  await pending.discard();
  expect(fs.readFileSync(join(root, "x.csv"), "utf8")).toBe("one,two");
  const other = await disk.createPending(root);
  await other.write(bytes("never"));
  await other.discard();
  expect(fs.readdirSync(root)).toEqual(["x.csv"]);
});

test("a discarded file waits for the write under way: its descriptor is never that of another file", async () => {
  const order: string[] = [];
  const slow = openNodeDisk({
    operations: {
      ...nodeFsOperations,
      writeLater: async (...args) => {
        await new Promise(setImmediate);
        const written = await nodeFsOperations.writeLater(...args);
        order.push("written");
        return written;
      },
      close: (fd) => {
        order.push("closed");
        nodeFsOperations.close(fd);
      },
    },
  });
  const pending = await slow.createPending(root);
  const writing = pending.write(new Uint8Array(1 << 20));
  await pending.discard();
  await writing;
  expect(order).toEqual(["written", "closed"]);
  await expect(pending.write(bytes("late"))).rejects.toBeInstanceOf(TypeError);
  expect(fs.readdirSync(root)).toEqual([]);
});

test("the stat that a commit gives is the one that the name has afterwards", async () => {
  for (const options of [{}, { durable: true }, { exclusive: true }]) {
    const path = join(root, `x${JSON.stringify(options)}`);
    expect(await disk.writeFile(path, bytes("text"), options)).toEqual(await disk.stat(path));
  }
});

test("a truncated pending file starts again at its first byte", async () => {
  const pending = await disk.createPending(root);
  await pending.write(bytes("void"));
  await pending.truncate();
  await pending.write(bytes("ok"));
  await pending.commit(join(root, "x"));
  expect(fs.readFileSync(join(root, "x"), "utf8")).toBe("ok");
});

test("an exclusive commit never replaces; the pending file is gone either way", async () => {
  await disk.writeFile(join(root, "x"), bytes("first"), { exclusive: true });
  const again = disk.writeFile(join(root, "x"), bytes("second"), { exclusive: true });
  await expect(again).rejects.toMatchObject({ code: "already-exists" });
  expect(fs.readFileSync(join(root, "x"), "utf8")).toBe("first");
  expect(fs.readdirSync(root)).toEqual(["x"]);
});

test("the mode is what was asked for, whatever the umask", async () => {
  const before = process.umask(0o077);
  try {
    await disk.writeFile(join(root, "shared/deep/x"), bytes("text"), { mode: 0o664, makeFolders: 0o2775 });
    await disk.writeFile(join(root, "plain"), bytes("text"));
  } finally {
    process.umask(before);
  }
  expect((await disk.stat(join(root, "shared/deep/x")))?.mode).toBe(0o664);
  expect((await disk.stat(join(root, "shared")))?.mode).toBe(0o2775);
  expect((await disk.stat(join(root, "shared/deep")))?.mode).toBe(0o2775);
  expect((await disk.stat(join(root, "plain")))?.mode).toBe(0o600);
});

test("a link that somebody planted under a guessed temporary name is not followed", async () => {
  const guessed = "0".repeat(32);
  const victim = join(root, "victim");
  fs.writeFileSync(victim, "precious");
  const guessable = openNodeDisk({ randomHex: () => guessed });
  for (const suffix of ["", ".csv"]) {
    const pending = await guessable.createPending(root, { suffix });
    await pending.discard();
    fs.symlinkSync(suffix === "" ? victim : join(root, "nowhere"), pending.path);
  }
  await expect(guessable.createPending(root)).rejects.toMatchObject({ code: "already-exists" });
  await expect(guessable.createPending(root, { suffix: ".csv" })).rejects.toMatchObject({ code: "already-exists" });
  expect(fs.readFileSync(victim, "utf8")).toBe("precious");
});

test("a link is opened only when that is asked for, a pipe never", async () => {
  await disk.writeFile(join(root, "x"), bytes("text"));
  fs.symlinkSync("x", join(root, "link"));
  await expect(disk.openRead(join(root, "link"))).rejects.toMatchObject({ code: "unsafe-key" });
  const { bytes: read } = await disk.readFile(join(root, "link"), { followLinks: true });
  expect(new TextDecoder().decode(read)).toBe("text");
  await expect(disk.openRead("/dev/null")).rejects.toMatchObject({ code: "unsupported" });
  await expect(disk.openRead(root)).rejects.toMatchObject({ code: "not-found" });
});

test("large files are written and read in pieces at their places, several at once", async () => {
  const large = new Uint8Array(300_000).map((_, index) => index % 251);
  const pending = await disk.createPending(root);
  await Promise.all([0, 100_000, 200_000].map((start) => pending.write(large.subarray(start, start + 100_000))));
  await pending.commit(join(root, "large"));
  const file = await disk.openRead(join(root, "large"));
  const parts = [new Uint8Array(200_000), new Uint8Array(200_000)];
  const read = await Promise.all(parts.map((part, index) => file.read(part, index * 200_000)));
  await file.close();
  expect(read).toEqual([200_000, 100_000]);
  expect(Buffer.compare(Buffer.concat(parts).subarray(0, 300_000), large)).toBe(0);
});

test("closing waits for the reads that are running, and nothing is read afterwards", async () => {
  await disk.writeFile(join(root, "x"), new Uint8Array(200_000).fill(7));
  const file = await disk.openRead(join(root, "x"));
  const target = new Uint8Array(200_000);
  const reading = file.read(target, 0);
  await file.close();
  expect(await reading).toBe(200_000);
  expect(target[199_999]).toBe(7);
  await expect(file.read(target, 0)).rejects.toThrow(TypeError);
});

test("writes and reads that the system cuts short are continued", async () => {
  const text = "x".repeat(1000);
  for (let nth = 1; ; nth += 1) {
    const failing = failNth(nodeFsOperations, nth, { short: true });
    const halting = openNodeDisk({ operations: failing.operations });
    await halting.writeFile(join(root, "x"), bytes(text));
    expect(new TextDecoder().decode((await halting.readFile(join(root, "x"))).bytes)).toBe(text);
    if (!failing.fired) break;
  }
});

test("what is missing is undefined or false; a file in the place of a folder counts as missing", async () => {
  fs.writeFileSync(join(root, "file"), "");
  for (const path of [join(root, "none"), join(root, "file/below")]) {
    expect(await disk.stat(path)).toBeUndefined();
    expect(await disk.readFolder(path)).toBeUndefined();
    expect(await disk.removeFile(path)).toBe(false);
    expect(await disk.removeFolder(path)).toBe(false);
    await expect(disk.readFile(path)).rejects.toMatchObject({ code: "not-found" });
  }
  expect(await disk.removeTree(join(root, "none"))).toBe(false);
});

test("a tree is removed with all that is in it, but not what its links point to", async () => {
  fs.mkdirSync(join(root, "keep"));
  fs.writeFileSync(join(root, "keep/x"), "");
  fs.mkdirSync(join(root, "tree/a/b"), { recursive: true });
  fs.writeFileSync(join(root, "tree/a/b/x"), "");
  fs.symlinkSync(join(root, "keep"), join(root, "tree/a/link"));
  expect(await disk.removeTree(join(root, "tree"))).toBe(true);
  expect(fs.readdirSync(root)).toEqual(["keep"]);
  expect(fs.readdirSync(join(root, "keep"))).toEqual(["x"]);
});

test("a folder that holds something is not-empty", async () => {
  fs.mkdirSync(join(root, "full/x"), { recursive: true });
  await expect(disk.removeFolder(join(root, "full"))).rejects.toMatchObject({ code: "not-empty" });
});

test("a file larger than its bound is limit-exceeded, a file of the kernel is read to its end", async () => {
  await disk.writeFile(join(root, "x"), bytes("12345"));
  await expect(disk.readFile(join(root, "x"), { maxBytes: 4 })).rejects.toMatchObject({ code: "limit-exceeded" });
  if (!fs.existsSync("/proc/self/stat")) return;
  const { bytes: read } = await disk.readFile("/proc/self/stat");
  expect(new TextDecoder().decode(read)).toContain("(");
});

test("stale pending files of dead processes are collected, live ones never", async () => {
  const live = await disk.createPending(root);
  const old = join(root, `.entrepot-${"a".repeat(32)}.tmp.csv`);
  const young = join(root, `.entrepot-${"b".repeat(32)}.tmp`);
  for (const path of [old, young, join(root, "users-own")]) fs.writeFileSync(path, "");
  const inTwoHours = openNodeDisk({ now: () => Date.now() + 2 * 3_600_000 });
  expect(await disk.removeStalePending(root, 3_600_000)).toBe(0);
  const young2 = Date.now() / 1000 + 2 * 3600;
  fs.utimesSync(young, young2, young2);
  expect(await inTwoHours.removeStalePending(root, 3_600_000)).toBe(1);
  expect(fs.readdirSync(root).sort()).toEqual([live.path, young, "users-own"].map((path) => basename(path)).sort());
  await live.discard();
});

test("its own live pending files are not collected however old they look", async () => {
  let now = Date.now();
  const patient = openNodeDisk({ now: () => now });
  const live = await patient.createPending(root);
  now += 1_000_000_000;
  expect(await patient.removeStalePending(root, 1000)).toBe(0);
  await live.commit(join(root, "x"));
});

test("a durable write flushes the file before it gets its name, and the folder after", async () => {
  const watched = failNth(nodeFsOperations, Number.POSITIVE_INFINITY, { crash: true });
  await openNodeDisk({ operations: watched.operations }).writeFile(join(root, "a/b/x"), bytes("text"), {
    durable: true,
    makeFolders: true,
  });
  const steps = watched.calls.filter((name) => ["fsyncLater", "rename"].includes(name));
  expect(steps.slice(0, 3)).toEqual(["fsyncLater", "rename", "fsyncLater"]);
  // The folders a and b are new: their names are flushed as well.
  expect(steps.length).toBe(5);
});

test("ten thousand small writes let the event loop turn", async () => {
  let turns = 0;
  let running = true;
  const count = (): void => {
    turns += 1;
    if (running) setImmediate(count);
  };
  setImmediate(count);
  const pending = await disk.createPending(root);
  for (let index = 0; index < 10_000; index += 1) await pending.write(bytes("x"));
  await pending.discard();
  running = false;
  expect(turns).toBeGreaterThan(2);
});

test("two writes of one size in one instant give two versions", async () => {
  const seen = new Set<bigint>();
  for (let index = 0; index < 200; index += 1) {
    seen.add((await disk.writeFile(join(root, "x"), bytes(String(index).padStart(3)))).modifiedNs);
  }
  expect(seen.size).toBe(200);
});
