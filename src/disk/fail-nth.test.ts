import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isEntrepotError } from "../error/index.ts";
import type { Disk } from "./disk.ts";
import { type FsFault, failNth, SimulatedCrash } from "./fail-nth.ts";
import { nodeFsOperations } from "./fs-operations.ts";
import { openNodeDisk } from "./open-node-disk.ts";
import { type ProcessTable, systemProcesses } from "./process-owner.ts";
import { isPendingName } from "./reserved-names.ts";

const [before, after] = ["before".repeat(20), "after".repeat(20_000)];
let root = "";

/** What another process sees: that of the crash is dead. */
const real = systemProcesses(openNodeDisk());
const afterDeath: ProcessTable = { self: () => real.self(), liveness: async () => "dead" };

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-nth-"));
});

afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

/** In a folder that nobody looks into, so that no name is a half one. */
const writeNewScenarios: Readonly<Record<string, number>> = { "a small new file": 10, "a large new file": 100_000 };

describe.each(Object.entries(writeNewScenarios))("%s in place, with every operation failing in turn", (_, size) => {
  test.each(["EIO", "ENOSPC", "EACCES"])("%s is a typed error and leaves no part of it", async (errno) => {
    const bytes = new Uint8Array(size).fill(7);
    const path = join(root, "new");
    const write = (disk: Disk) => disk.writeNew(path, bytes, { mode: 0o755, modifiedMs: 1_600_000_000_000 });
    const points = await untilItSurvives(write, { errno }, (error) => {
      expect(isEntrepotError(error), String(error)).toBe(true);
      expect(fs.existsSync(path)).toBe(false);
    });
    expect(points).toBeGreaterThan(3);
    const { mode, mtimeMs } = fs.statSync(path);
    expect([fs.readFileSync(path).equals(bytes), mode & 0o7777, mtimeMs]).toEqual([true, 0o755, 1_600_000_000_000]);
    const again = openNodeDisk().writeNew(path, bytes);
    await expect(again).rejects.toMatchObject({ code: "already-exists" });
    expect(fs.readFileSync(path).equals(bytes)).toBe(true);
  });
});

const scenarios: Readonly<Record<string, (disk: Disk) => Promise<unknown>>> = {
  "replacing durably": (disk) => disk.writeFile(join(root, "x"), new TextEncoder().encode(after), { durable: true }),
  "creating in a new folder": (disk) =>
    disk.writeFile(join(root, "new/y"), new TextEncoder().encode(after), {
      durable: true,
      exclusive: true,
      makeFolders: 0o755,
      mode: 0o640,
    }),
  "a small write": (disk) => disk.writeFile(join(root, "x"), new TextEncoder().encode("after")),
};

describe.each(Object.keys(scenarios))("%s, with every operation failing in turn", (name) => {
  const run = scenarios[name] as (disk: Disk) => Promise<unknown>;

  test.each(["EIO", "ENOSPC", "EMFILE", "EACCES"])(
    "%s is a typed error and leaves no temporary file",
    async (errno) => {
      const points = await untilItSurvives(run, { errno }, (error) => {
        expect(isEntrepotError(error), String(error)).toBe(true);
        expect(temporaries()).toEqual([]);
      });
      expect(points).toBeGreaterThan(4);
    },
  );

  test("a disk that stays broken tears nothing", async () => {
    await untilItSurvives(run, { errno: "EIO", persistent: true }, (error) => {
      expect(isEntrepotError(error, "io"), String(error)).toBe(true);
    });
  });

  test("a crash tears nothing, and what it leaves can be collected", async () => {
    await untilItSurvives(run, { crash: true }, async (error) => {
      expect(error).toBeInstanceOf(SimulatedCrash);
      const later = openNodeDisk({ now: () => Date.now() + 10_000, processes: afterDeath });
      for (const folder of [root, join(root, "new")]) await later.removeStalePending(folder, 5000);
      expect(temporaries()).toEqual([]);
    });
  });
});

test("an interrupted write or read is repeated", async () => {
  const text = new TextEncoder().encode("text");
  for (const name of ["write", "read"] as const) {
    let interruptions = 0;
    const operation = nodeFsOperations[name];
    const interrupted: typeof operation = (...args) => {
      interruptions += 1;
      if (interruptions === 1) throw Object.assign(new Error("EINTR"), { code: "EINTR", errno: -4 });
      return operation(...args);
    };
    const disk = openNodeDisk({ operations: { ...nodeFsOperations, [name]: interrupted } });
    await disk.writeFile(join(root, "x"), text);
    expect((await disk.readFile(join(root, "x"))).bytes).toEqual(text);
    expect(interruptions).toBeGreaterThan(1);
  }
});

test("where there are no hard links, an exclusive commit still does not replace", async () => {
  const link = (): never => {
    throw Object.assign(new Error("ENOTSUP"), { code: "ENOTSUP", errno: -95 });
  };
  const disk = openNodeDisk({ operations: { ...nodeFsOperations, link } });
  await disk.writeFile(join(root, "x"), new TextEncoder().encode("first"), { exclusive: true });
  const again = disk.writeFile(join(root, "x"), new TextEncoder().encode("second"), { exclusive: true });
  await expect(again).rejects.toMatchObject({ code: "already-exists" });
  expect(fs.readFileSync(join(root, "x"), "utf8")).toBe("first");
});

/** Runs with operation 1 failing, then 2, until none fails; gives the number of points. */
async function untilItSurvives(
  run: (disk: Disk) => Promise<unknown>,
  fault: FsFault,
  check: (error: unknown) => void | Promise<void>,
): Promise<number> {
  for (let nth = 1; ; nth += 1) {
    fs.rmSync(root, { recursive: true });
    fs.mkdirSync(root);
    fs.writeFileSync(join(root, "x"), before);
    const failing = failNth(nodeFsOperations, nth, fault);
    const error = await run(openNodeDisk({ operations: failing.operations })).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect([before, after, "after"]).toContain(fs.readFileSync(join(root, "x"), "utf8"));
    if (fs.existsSync(join(root, "new/y"))) expect(fs.readFileSync(join(root, "new/y"), "utf8")).toBe(after);
    if (!failing.fired) return nth - 1;
    if (error !== undefined) await check(error);
  }
}

function temporaries(): string[] {
  return (fs.readdirSync(root, { recursive: true }) as string[]).filter((path) =>
    isPendingName(path.split("/").at(-1) ?? ""),
  );
}
