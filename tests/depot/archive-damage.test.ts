/** Archives cut and changed at any byte, a process that is killed in mid-unpack, and an index without end. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ArchiveFormat, type Depot, entrepot } from "entrepot";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { rawZip } from "../raw-archives.ts";

let folder: string;
let data: Depot;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "entrepot-damage-"));
  data = entrepot({ env: {}, envFile: false, cache: false }) as Depot;
});
afterEach(async () => {
  await data.close();
  await rm(folder, { recursive: true, force: true });
});

const formats: readonly ArchiveFormat[] = ["zip", "tar", "tar.gz", "tar.bz2", "tar.xz"];

async function contents(at: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of (await readdir(at)).sort())
    found[name] = (await readFile(join(at, name))).toString("base64").slice(0, 40);
  return found;
}

describe("damage", () => {
  /** Every outcome is an error with a code, or exactly what was put in, or another valid archive's content inside the target. */
  test.each(formats)(
    "of %s at any byte harms nobody",
    async (format) => {
      await mkdir(join(folder, "in", "deep"), { recursive: true });
      await writeFile(join(folder, "in", "a.txt"), "one".repeat(40));
      await writeFile(join(folder, "in", "deep", "b.txt"), "two".repeat(40));
      await data.pack(join(folder, "in"), `memory:///m.${format}`);
      const whole = await data.readBytes(`memory:///m.${format}`);
      const before = (await readdir(folder)).sort();
      const outcome = async (bytes: Uint8Array): Promise<string> => {
        await data.writeBytes(`memory:///d.${format}`, bytes);
        const target = join(folder, "out");
        try {
          await data.unpack(`memory:///d.${format}`, target);
          await rm(target, { recursive: true });
          return "unpacked";
        } catch (error) {
          return String((error as { code?: string }).code ?? (error as Error).stack);
        }
      };
      const step = Math.max(1, Math.floor(whole.length / 700));
      for (let length = 0; length < whole.length; length += step) {
        const said = await outcome(whole.subarray(0, length));
        // the zeros behind the end mark of a tar may be missing
        if (said === "unpacked")
          expect(format === "tar" && whole.subarray(length).every((byte) => byte === 0)).toBe(true);
        else expect(["truncated", "malformed", "integrity"], `cut at ${length}`).toContain(said);
      }
      let random = 7;
      const next = (below: number) => {
        random = (Math.imul(random, 1_103_515_245) + 12_345) & 0x7fffffff;
        return random % below;
      };
      const codes = [
        "unpacked",
        "truncated",
        "malformed",
        "integrity",
        "unsafe-key",
        "unrepresentable-name",
        "unsupported",
        "limit-exceeded",
      ];
      for (let count = 0; count < 700; count += 1) {
        const mutant = Uint8Array.from(whole);
        for (let times = 1 + next(4); times > 0; times -= 1) mutant[next(mutant.length)] = next(256);
        expect(codes, `mutant ${count}`).toContain(await outcome(mutant));
      }
      expect((await readdir(folder)).sort()).toEqual(before);
    },
    180_000,
  );
});

describe("a process that is killed while it unpacks", () => {
  test("leaves no half target, and what it has left goes with the next", async () => {
    await mkdir(join(folder, "in"));
    for (let at = 0; at < 60; at += 1) await writeFile(join(folder, "in", `f${at}`), new Uint8Array(300_000).fill(at));
    await data.pack(join(folder, "in"), join(folder, "m.tar"));
    const box = join(folder, "box");
    await mkdir(box);
    let left = 0;
    for (let wait = 1; wait <= 8; wait += 1) {
      const child = spawn(
        process.execPath,
        [join(process.cwd(), "dist/cli/main.js"), "unpack", join(folder, "m.tar"), join(box, "out")],
        {
          env: { PATH: process.env["PATH"], HOME: folder },
          stdio: "ignore",
        },
      );
      const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
      // killed when it has begun to write, at a moment of its own each time
      for (let seen = 0; seen < wait * 4 && child.exitCode === null; ) {
        const [stage] = (await readdir(box)).filter((name) => name.startsWith(".entrepot-"));
        if (stage !== undefined) seen = (await readdir(join(box, stage, "content")).catch(() => [])).length;
        await new Promise((resolve) => setImmediate(resolve));
      }
      child.kill("SIGKILL");
      await ended;
      const there = (await readdir(box)).sort();
      left += there.filter((name) => name.startsWith(".entrepot-")).length;
      if (there.includes("out")) {
        expect(await contents(join(box, "out"))).toEqual(await contents(join(folder, "in")));
        await rm(join(box, "out"), { recursive: true });
      }
    }
    expect(left).toBeGreaterThan(0);
    await data.unpack(join(folder, "m.tar"), join(box, "out"));
    expect(await readdir(box)).toEqual(["out"]);
    expect(await contents(join(box, "out"))).toEqual(await contents(join(folder, "in")));
  }, 120_000);
});

describe.each([
  ["replaces a folder", "replace", 25],
  ["merges into a folder", "merge", 15],
] as const)("a process that is killed while it %s", (_, existing, times) => {
  test("leaves the old one or the new one, for whoever unpacks there next", async () => {
    for (const [name, count] of [
      ["one", 40],
      ["two", 50],
    ] as const) {
      await mkdir(join(folder, name));
      for (let at = 0; at < count; at += 1) await writeFile(join(folder, name, `f${at}`), name);
      await data.pack(join(folder, name), join(folder, `${name}.zip`));
    }
    const box = join(folder, "box");
    await mkdir(box);
    const target = join(box, "out");
    await data.unpack(join(folder, "two.zip"), target);
    const two = await contents(target);
    await data.unpack(join(folder, "one.zip"), target, { existing });
    // merged, the files that only the other has stay
    const wholes = [await contents(target), two];
    const moments = new Set<string>();
    for (let round = 0; round < times; round += 1) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", endlessly], {
        env: { PATH: process.env["PATH"], HOME: folder, ENTRY: entry, BOX: folder, EXISTING: existing },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
      let rounds = 0;
      // at a moment of its own each time, after some rounds of its work
      await new Promise<void>((resolve) => {
        child.stdout.on("data", (said: Buffer) => {
          rounds += said.length;
          if (rounds >= 2 + (round % 3)) setTimeout(resolve, round % 9);
        });
      });
      child.kill("SIGKILL");
      await ended;
      moments.add(`${(await readdir(box)).map((name) => (name === "out" ? name : "…")).sort()}`);
      // whoever comes next finds one of the two, whole, and nothing beside it
      await expect(data.unpack(join(folder, "one.zip"), target)).rejects.toMatchObject({ code: "not-empty" });
      expect(wholes).toContainEqual(await contents(target));
      expect(await readdir(box)).toEqual(["out"]);
    }
    // some were killed in the midst of it
    expect([...moments].filter((names) => names.includes("…"))).not.toEqual([]);
  }, 120_000);
});

const entry = new URL("../../dist/index.js", import.meta.url).href;
const endlessly = `
  const { entrepot } = await import(process.env.ENTRY);
  const data = entrepot({ env: {}, envFile: false, cache: false });
  const { BOX, EXISTING } = process.env;
  for (let at = 0; ; at += 1) {
    await data.unpack(BOX + (at % 2 ? "/one.zip" : "/two.zip"), BOX + "/box/out", { existing: EXISTING });
    process.stdout.write(".");
  }
`;

test("a zip of a million entries and one is refused in a moment", async () => {
  await data.writeBytes("memory:///many.zip", manyEntries(1_000_001));
  const startMs = performance.now();
  await expect(data.unpack("memory:///many.zip", join(folder, "out"))).rejects.toMatchObject({
    code: "limit-exceeded",
  });
  expect(performance.now() - startMs).toBeLessThan(15_000);
  expect(await readdir(folder)).toEqual([]);
}, 60_000);

/** Entries without bytes; their own headers are not even there. */
function manyEntries(count: number): Buffer {
  const one = rawZip([{ name: "0000000" }]);
  const head = one.subarray(0, 37);
  const line = one.subarray(37, 37 + 53);
  const index = Buffer.alloc(count * 53);
  for (let at = 0; at < count; at += 1) {
    line.copy(index, at * 53);
    index.write(at.toString(36).padStart(7, "0"), at * 53 + 46, "latin1");
  }
  const record = Buffer.alloc(76);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(index.length), 40);
  record.writeBigUInt64LE(37n, 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(37 + index.length), 64);
  record.writeUInt32LE(1, 72);
  const end = Buffer.from(one.subarray(-22));
  end.fill(0xff, 8, 20);
  return Buffer.concat([head, index, record, end]);
}
