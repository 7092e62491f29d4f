import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type Disk,
  type FsFault,
  failNth,
  isPendingName,
  nodeFsOperations,
  openNodeDisk,
  type ProcessTable,
  systemProcesses,
} from "../../disk/index.ts";
import { openTarget, publishFolder } from "./publish-folder.ts";
import { openStaging } from "./staging.ts";

let folder: string;
let target: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "entrepot-settle-"));
  target = join(folder, "target");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const real = systemProcesses(openNodeDisk());
const afterDeath: ProcessTable = { self: () => real.self(), liveness: async () => "dead" };
const oldNames = ["a", "b", "old"];
const newNames = ["a", "b", "new"];

/** As if something were mounted on the target: then it is replaced name by name. */
function mounted(disk: Disk): Disk {
  return new Proxy(disk, {
    get(of, name) {
      if (name !== "stat") return Reflect.get(of, name).bind(of);
      return async (path: string, options: object) => {
        const stat = await of.stat(path, options);
        return stat && path === target ? { ...stat, device: stat.device + 1n } : stat;
      };
    },
  });
}

async function put(disk: Disk, existing: "merge" | "replace"): Promise<void> {
  const real = await openTarget(disk, target, existing);
  const staging = await openStaging(disk, real);
  try {
    for (const name of newNames) await disk.writeNew(join(staging.path, name), new TextEncoder().encode("new"));
    await publishFolder(disk, staging, real, existing);
  } finally {
    await staging.close();
  }
}

/** `"old"` or `"new"` for what is whole, else what is there. */
function contents(): unknown {
  if (!existsSync(target)) return "nothing";
  const names = readdirSync(target)
    .filter((name) => !isPendingName(name))
    .sort();
  const said = new Set(names.map((name) => readFileSync(join(target, name), "utf8")));
  const isMerged = names.join() === "a,b,new,old" && names.every((name) => isOf(name, name === "old" ? "old" : "new"));
  if (isMerged) return "merged";
  const [only] = said;
  const expected = only === "old" ? oldNames : newNames;
  return said.size === 1 && names.join() === expected.join() ? only : names;
}

const isOf = (name: string, said: string) => readFileSync(join(target, name), "utf8") === said;

function plant(): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const name of oldNames) writeFileSync(join(target, name), "old");
}

async function atEachOperation(
  fault: FsFault,
  wrap: (disk: Disk) => Disk,
  check: (error: unknown) => Promise<void>,
  existing: "merge" | "replace" = "replace",
) {
  for (let nth = 1; ; nth += 1) {
    plant();
    const failing = failNth(nodeFsOperations, nth, fault);
    const error = await put(wrap(openNodeDisk({ operations: failing.operations })), existing).catch((reason) => reason);
    if (!failing.fired) return nth;
    await check(error);
  }
}

describe.each([
  ["a folder that is replaced as a whole", (disk: Disk) => disk],
  ["a folder that is replaced name by name, because something is mounted on it", mounted],
])("%s", (_, wrap) => {
  test("killed at any moment, it is the old one or the new one for the next who comes, and nothing else is left", async () => {
    const seen = new Set<unknown>();
    const points = await atEachOperation({ crash: true }, wrap, async () => {
      const found = contents();
      const later = wrap(openNodeDisk({ processes: afterDeath }));
      await openTarget(later, target, "merge");
      const now = contents();
      seen.add(`${typeof found === "string" ? found : "some"} becomes ${now}`);
      expect(["old", "new"]).toContain(now);
      const left = [folder, target].flatMap((each) => readdirSync(each)).filter(isPendingName);
      expect(left).toEqual([]);
    });
    expect(points).toBeGreaterThan(20);
    expect([...seen]).toEqual(expect.arrayContaining(["old becomes old", "new becomes new"]));
    // the moment that all this is about was among them
    expect([...seen].filter((what) => /^(?:nothing|some) becomes/.test(String(what)))).not.toEqual([]);
  });

  test("whatever fails, it is the old one or the new one", async () => {
    await atEachOperation({ errno: "EIO" }, wrap, async () => {
      if (!["old", "new"].includes(String(contents()))) {
        await openTarget(wrap(openNodeDisk({ processes: afterDeath })), target, "merge");
      }
      expect(["old", "new"]).toContain(contents());
    });
  });
});

describe.each([
  ["a folder that is merged into", (disk: Disk) => disk],
  ["a folder that is merged into, and that something is mounted on", mounted],
])("%s", (_, wrap) => {
  test("killed at any moment, it is as it was or merged for the next who comes, and nothing else is left", async () => {
    const seen = new Set<unknown>();
    const check = async () => {
      const found = contents();
      await openTarget(wrap(openNodeDisk({ processes: afterDeath })), target, "merge");
      seen.add(`${typeof found === "string" ? found : "some"} becomes ${contents()}`);
      expect(["old", "merged"]).toContain(contents());
      expect([folder, target].flatMap((each) => readdirSync(each)).filter(isPendingName)).toEqual([]);
    };
    expect(await atEachOperation({ crash: true }, wrap, check, "merge")).toBeGreaterThan(20);
    const expected = ["old becomes old", "some becomes merged", "merged becomes merged"];
    expect([...seen]).toEqual(expect.arrayContaining(expected));
  });

  test("whatever fails, it is as it was or merged", async () => {
    const check = async () => {
      await openTarget(wrap(openNodeDisk({ processes: afterDeath })), target, "merge");
      expect(["old", "merged"]).toContain(contents());
    };
    await atEachOperation({ errno: "EIO" }, wrap, check, "merge");
  });
});

test("a merge that is finished later replaces nothing that was written since, and comes back to no folder that was removed", async () => {
  plant();
  const begin = async () => {
    const disk = openNodeDisk();
    const staging = await openStaging(disk, target);
    for (const name of newNames) await disk.writeNew(join(staging.path, name), new TextEncoder().encode("new"));
    mkdirSync(join(staging.path, "deep"));
    writeFileSync(join(staging.path, "deep", "file"), "new");
    await staging.openMerging();
  };
  await begin();
  const [outer = ""] = readdirSync(folder).filter(isPendingName);
  const begun = statSync(join(folder, outer, "merges")).ctimeMs;
  // clocks of disks tick a few times in a hundredth of a second
  do writeFileSync(join(target, "b"), "theirs");
  while (statSync(join(target, "b")).ctimeMs <= begun);
  mkdirSync(join(target, "new"));
  writeFileSync(join(target, "deep"), "theirs");
  const next = openNodeDisk({ processes: afterDeath });
  await openTarget(next, target, "merge");
  const said = (name: string) => readFileSync(join(target, name), "utf8");
  expect([said("a"), said("b"), said("deep"), said("old")]).toEqual(["new", "theirs", "theirs", "old"]);
  expect([readdirSync(target).sort(), readdirSync(folder)]).toEqual([["a", "b", "deep", "new", "old"], ["target"]]);
  plant();
  await begin();
  rmSync(target, { recursive: true });
  await openTarget(next, target, "merge");
  expect(readdirSync(folder)).toEqual([]);
});

test("what a living process replaces is left to it", async () => {
  plant();
  const disk = openNodeDisk();
  const staging = await openStaging(disk, target);
  await disk.rename(target, await staging.openPrevious());
  await openTarget(openNodeDisk(), target, "refuse");
  expect(existsSync(target)).toBe(false);
  await staging.close();
  expect([contents(), readdirSync(folder)]).toEqual(["old", ["target"]]);
});

test("a target that is named by a link is brought back, too", async () => {
  plant();
  mkdirSync(join(folder, "links"));
  symlinkSync(target, join(folder, "links", "here"));
  const dying = openNodeDisk();
  const staging = await openStaging(dying, target);
  await dying.rename(target, await staging.openPrevious());
  const found = await openTarget(openNodeDisk({ processes: afterDeath }), join(folder, "links", "here"), "merge");
  expect([found, contents()]).toEqual([target, "old"]);
});

test("what somebody has made in its place meanwhile stays", async () => {
  plant();
  const dying = openNodeDisk();
  const staging = await openStaging(dying, target);
  await dying.rename(target, await staging.openPrevious());
  mkdirSync(target);
  writeFileSync(join(target, "theirs"), "theirs");
  await openTarget(openNodeDisk({ processes: afterDeath }), target, "merge");
  expect([readdirSync(target), readdirSync(folder)]).toEqual([["theirs"], ["target"]]);
});

test("what another user has left in a folder that all may write to is not moved anywhere", async () => {
  plant();
  const outer = join(folder, `.entrepot-${"a".repeat(32)}.tmp`);
  mkdirSync(join(outer, "merging"), { recursive: true });
  writeFileSync(join(outer, "merging", "a"), "theirs");
  writeFileSync(join(outer, "merges"), "target");
  const disk = openNodeDisk({ processes: afterDeath });
  const foreign = new Proxy(disk, {
    get(of, name) {
      const own = Reflect.get(of, name).bind(of);
      if (name !== "stat") return own;
      return async (path: string, options: object) => {
        const stat = await own(path, options);
        return stat && path === outer ? { ...stat, uid: stat.uid + 1 } : stat;
      };
    },
  });
  await openTarget(foreign, target, "merge");
  expect(contents()).toBe("old");
  // of the same user it is finished
  await openTarget(disk, target, "merge");
  expect(readFileSync(join(target, "a"), "utf8")).toBe("theirs");
});

test("a name in what was left leads nowhere else", async () => {
  plant();
  const dying = openNodeDisk();
  const staging = await openStaging(dying, target);
  await dying.rename(target, await staging.openPrevious());
  const [outer = ""] = readdirSync(folder);
  writeFileSync(join(folder, outer, "replaces"), "../elsewhere");
  await openTarget(openNodeDisk({ processes: afterDeath }), target, "merge");
  expect(existsSync(join(folder, "..", "elsewhere"))).toBe(false);
});
