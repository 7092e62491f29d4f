import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { HeldFolders } from "./held-folders.ts";
import type { Liveness, ProcessOwner } from "./process-owner.ts";

const prefix = "entrepot-run-";
const label = "01hf2vzbg0000-2";

async function world() {
  const above = await mkdtemp(join(tmpdir(), "entrepot-held-folders-"));
  onTestFinished(() => rm(above, { recursive: true, force: true }));
  const lives = new Map<number, Liveness>();
  /** As the process of that number. */
  const as = (pid: number) => {
    const own: ProcessOwner = { host: "h", boot: "b", namespace: "n", pid, start: "1" };
    const processes = {
      self: async () => own,
      liveness: async (owner: ProcessOwner) => lives.get(owner.pid) ?? "unknown",
    };
    return new HeldFolders({ above, prefix, processes });
  };
  return { above, lives, as };
}

test("what a process that is dead has left is removed, and nothing else", async () => {
  const { above, lives, as } = await world();
  const dead = await as(1).make(label);
  await writeFile(join(dead, "parameters.csv"), "secret");
  const [alive, unknown] = [await as(2).make(label), await as(3).make(label)];
  lives.set(1, "dead").set(2, "alive");
  const bare = join(above, basename(dead).replace(/.{8}$/, "00000000"));
  await mkdir(bare);
  const foreign = join(above, "entrepot-run-of-somebody");
  await mkdir(foreign);
  await writeFile(
    join(foreign, "holder.json"),
    JSON.stringify({ host: "h", boot: "b", namespace: "n", pid: 1, start: "1" }),
  );
  const link = join(above, basename(dead).replace(/.{8}$/, "11111111"));
  await symlink(dead, link);
  expect(await as(4).sweep()).toEqual([dead]);
  const left = [alive, unknown, bare, foreign, link].map((path) => basename(path));
  expect((await readdir(above)).sort()).toEqual(left.sort());
});

test("one is for nobody else to look into, and goes with its use", async () => {
  const { above, as } = await world();
  const dir = await as(1).make(label);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  await as(1).remove(dir);
  expect(await readdir(above)).toEqual([]);
  expect(await new HeldFolders({ above: join(above, "none"), prefix }).sweep()).toEqual([]);
});

test.runIf(process.getuid?.() === 0)("that of another user is left alone", async () => {
  const { above, lives, as } = await world();
  const { chown } = await import("node:fs/promises");
  const dir = await as(1).make(label);
  lives.set(1, "dead");
  await chown(dir, 65_534, 65_534);
  expect(await as(2).sweep()).toEqual([]);
  expect(await readdir(above)).toHaveLength(1);
});
