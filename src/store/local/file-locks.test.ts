import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Liveness, openNodeDisk, type ProcessTable, systemProcesses } from "../../disk/index.ts";
import { FileLocks } from "./file-locks.ts";

const disk = openNodeDisk();
let root = "";

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-locks-"));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

test("one holder at a time, whichever instance they come from", async () => {
  const many = Array.from(
    { length: 4 },
    () => new FileLocks({ disk, processes: systemProcesses(disk), now: Date.now }),
  );
  let holders = 0;
  let most = 0;
  const enter = async (): Promise<void> => {
    holders += 1;
    most = Math.max(most, holders);
    await new Promise(setImmediate);
    holders -= 1;
  };
  await Promise.all([...many, ...many, ...many].map((locks) => locks.holding(join(root, "x"), undefined, enter)));
  expect(most).toBe(1);
  expect(fs.readdirSync(root)).toEqual([]);
});

test("the lock goes when the action fails, and the failure is what comes back", async () => {
  const locks = new FileLocks({ disk, processes: systemProcesses(disk), now: Date.now });
  const failure = new Error("action");
  await expect(locks.holding(join(root, "x"), undefined, () => Promise.reject(failure))).rejects.toBe(failure);
  expect(fs.readdirSync(root)).toEqual([]);
});

test("the lock of a dead process is broken, once, by however many wait for it", async () => {
  await leaveLock();
  const many = Array.from({ length: 6 }, () => new FileLocks({ disk, processes: table("dead"), now: Date.now }));
  let holders = 0;
  const enter = async (): Promise<void> => {
    holders += 1;
    expect(holders).toBe(1);
    await new Promise(setImmediate);
    holders -= 1;
  };
  // Among themselves they live: only the planted owner is dead.
  await Promise.all(many.map((locks) => locks.holding(join(root, "x"), undefined, enter)));
  expect(fs.readdirSync(root)).toEqual([]);
});

test("a breaker that was slow does not break the lock of the one that was faster", async () => {
  await leaveLock();
  const real = systemProcesses(disk);
  const faster = new FileLocks({ disk, processes: table("dead"), now: Date.now });
  const [fasterIsIn, askedAgain, letGo] = [deferred(), deferred(), deferred()];
  const slowTable: ProcessTable = {
    self: () => real.self(),
    liveness: async (owner) => {
      if (owner.pid !== 999_999_999) {
        askedAgain.resolve();
        return real.liveness(owner);
      }
      await fasterIsIn.promise;
      return "dead";
    },
  };
  let fasterHolds = false;
  const enterSlow = async (): Promise<void> => {
    askedAgain.resolve();
    expect(fasterHolds).toBe(false);
  };
  const slow = new FileLocks({ disk, processes: slowTable, now: Date.now });
  const slowly = slow.holding(join(root, "x"), undefined, enterSlow);
  const fast = faster.holding(join(root, "x"), undefined, async () => {
    fasterHolds = true;
    fasterIsIn.resolve();
    await letGo.promise;
    fasterHolds = false;
  });
  await askedAgain.promise;
  letGo.resolve();
  await Promise.all([slowly, fast]);
});

test("the lock of a living process is respected until patience ends: busy", async () => {
  await leaveLock();
  let now = Date.now();
  const clock = (): number => {
    now += 6000;
    return now;
  };
  const locks = new FileLocks({ disk, processes: table("alive"), now: clock });
  const waiting = locks.holding(join(root, "x"), undefined, async () => "in");
  await expect(waiting).rejects.toMatchObject({ code: "busy", hint: expect.stringContaining(".lock") });
});

test("a queue that moves is waited for, however long it is", async () => {
  await leaveLock();
  let now = 0;
  let holders = 0;
  const alive = table("alive");
  const liveness: ProcessTable["liveness"] = async (owner) => {
    now += 9_000;
    holders += 1;
    if (holders === 5) fs.rmSync(join(root, lockName()));
    else await leaveLock();
    return alive.liveness(owner);
  };
  const locks = new FileLocks({ disk, processes: { ...alive, liveness }, now: () => now });
  expect(await locks.holding(join(root, "x"), undefined, async () => "in")).toBe("in");
  expect(now).toBe(45_000);
});

test("waiting ends with the signal's reason", async () => {
  await leaveLock();
  const locks = new FileLocks({ disk, processes: table("alive"), now: Date.now });
  const controller = new AbortController();
  const waiting = locks.holding(join(root, "x"), controller.signal, async () => "in");
  const reason = new Error("enough");
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test("a lock of another machine, and one that lost its contents, is broken after a minute and not before", async () => {
  for (const contents of [undefined, ""]) {
    await leaveLock(contents);
    const name = fs.readdirSync(root)[0] ?? "";
    const { mtimeMs } = fs.statSync(join(root, name));
    const young = new FileLocks({ disk, processes: table("unknown"), now: ticking(mtimeMs + 1000, 20_000) });
    await expect(young.holding(join(root, "x"), undefined, async () => "in")).rejects.toMatchObject({ code: "busy" });
    const old = new FileLocks({ disk, processes: table("unknown"), now: () => mtimeMs + 61_000 });
    expect(await old.holding(join(root, "x"), undefined, async () => "in")).toBe("in");
    expect(fs.readdirSync(root)).toEqual([]);
  }
});

test("this process is alive, and one with its pid but another start is dead", async () => {
  const processes = systemProcesses(disk);
  const self = await processes.self();
  expect(await processes.liveness(self)).toBe("alive");
  expect(await processes.liveness({ ...self, host: `${self.host}-other` })).toBe("unknown");
  expect(await processes.liveness({ ...self, boot: "another" })).toBe("dead");
  if (self.start !== "") expect(await processes.liveness({ ...self, start: "1" })).toBe("dead");
});

/** As a process leaves it that dies while it holds the lock. */
async function leaveLock(contents?: string): Promise<void> {
  const planted = systemProcesses(disk);
  const owner = { ...(await planted.self()), pid: 999_999_999 };
  const locks = new FileLocks({ disk, processes: { ...planted, self: async () => owner }, now: Date.now });
  fs.rmSync(join(root, lockName()), { force: true });
  await locks.holding(join(root, "x"), undefined, async () => {
    for (const name of fs.readdirSync(root)) fs.copyFileSync(join(root, name), join(root, "copy"));
    if (contents !== undefined) fs.writeFileSync(join(root, "copy"), contents);
  });
  fs.renameSync(join(root, "copy"), join(root, lockName()));
}

/** The name of the lock of `x`, learnt from the locks themselves. */
function lockName(): string {
  return ".entrepot-2d711642b726b04401627ca9fbac32f5.lock";
}

/** Says `liveness` of the planted owner, and the truth of all others. */
function table(liveness: Liveness): ProcessTable {
  const real = systemProcesses(disk);
  return {
    self: () => real.self(),
    liveness: async (owner) => (owner.pid === 999_999_999 || owner.pid === 0 ? liveness : real.liveness(owner)),
  };
}

function ticking(start: number, stepMs: number): () => number {
  let now = start;
  return () => {
    now += stepMs / 4;
    return Math.min(now, start + 40_000);
  };
}

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}
