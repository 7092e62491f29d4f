import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openNodeDisk } from "./open-node-disk.ts";
import type { Liveness, ProcessTable } from "./process-owner.ts";
import { isPendingName, isReservedName } from "./reserved-names.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
let root = "";

beforeEach(() => {
  root = fs.mkdtempSync(join(tmpdir(), "entrepot-pending-"));
});
afterEach(() => {
  fs.rmSync(root, { recursive: true });
});

/** A machine on which `pid` runs, and whatever `lives` says of others. */
function machine(pid: number, lives: Liveness, host = "here"): ProcessTable {
  return {
    self: async () => ({ host, boot: "boot", namespace: "1", pid, start: "77" }),
    liveness: async (owner) => (owner.pid === pid ? "alive" : lives),
  };
}

describe.each<[string, number]>([
  ["a day ahead", dayMs],
  ["a day back", -dayMs],
  ["to 1970", -Date.now()],
  ["to 2038", 2 ** 31 * 1000 - Date.now()],
])("when a clock jumps %s", (_, jumpMs) => {
  const now = () => Date.now() + jumpMs;

  test("what another living process is filling is not collected", async () => {
    const writer = openNodeDisk({ processes: machine(1, "alive") });
    const pending = await writer.createPending(root);
    const collector = openNodeDisk({ processes: machine(2, "alive"), now });
    expect(await collector.removeStalePending(root, hourMs)).toBe(0);
    await pending.commit(join(root, "x"));
  });

  test("what a dead process left is collected", async () => {
    const writer = openNodeDisk({ processes: machine(1, "alive") });
    const left = await writer.createPending(root);
    const collector = openNodeDisk({ processes: machine(2, "dead"), now });
    expect(await collector.removeStalePending(root, hourMs)).toBe(1);
    await left.discard();
  });
});

test("what a process is filling that cannot be seen from here is collected by its age alone", async () => {
  const writer = openNodeDisk({ processes: machine(1, "alive", "there") });
  const pending = await writer.createPending(root);
  const collect = (now: () => number) =>
    openNodeDisk({ processes: machine(1, "alive"), now }).removeStalePending(root, hourMs);
  expect(await collect(Date.now)).toBe(0);
  expect(await collect(() => Date.now() - dayMs)).toBe(0);
  expect(await collect(() => Date.now() + dayMs)).toBe(1);
  await pending.discard();
});

test("what a dead process of this machine left is collected at once: it may be large", async () => {
  const left = await openNodeDisk({ processes: machine(1, "alive") }).createPending(root);
  expect(await openNodeDisk({ processes: machine(2, "dead") }).removeStalePending(root, hourMs)).toBe(1);
  await left.discard();
});

test("the name says whose it is and still is one that nobody can guess", async () => {
  const pending = await openNodeDisk({ processes: machine(12, "alive") }).createPending(root, { suffix: ".csv.gz" });
  const name = pending.path.slice(root.length + 1);
  expect(name).toMatch(/^\.entrepot-[0-9a-f]{32}\.tmp@12\.77\.[0-9a-f]{8}\.csv\.gz$/);
  expect([isPendingName(name), isReservedName(name)]).toEqual([true, true]);
  await pending.discard();
});
