import { expect, test } from "vitest";
import { openNodeDisk } from "../disk/index.ts";
import { lifeOf, thisHolder } from "./holder.ts";
import { witnessOf } from "./witness.ts";

const disk = openNodeDisk();
/** A process whose system does not name its starts, or that could not ask. */
const blind = { ...disk, readFile: () => Promise.reject(new Error("too many open files")) };

test("a process that cannot tell the start of its machine is not taken for dead", async () => {
  const now = Date.now();
  const witnesses = [
    witnessOf({ disk: blind, host: "h", now: () => now }),
    // Its clock was set meanwhile.
    witnessOf({ disk: blind, host: "h", now: () => now + 180_000 }),
    witnessOf({ disk, bootId: "one", host: "h", now: () => now }),
  ];
  const holders = await Promise.all(witnesses.map(async (witness) => thisHolder(disk, await witness())));
  for (const own of holders) for (const other of holders) expect(await lifeOf(disk, own, other)).toBe("alive");
});

test("a process of an earlier start of the machine is dead, whoever has its number now", async () => {
  const [before, now] = await Promise.all(["one", "two"].map((bootId) => thisHolder(disk, { bootId, host: "h" })));
  expect(await lifeOf(disk, now as never, before as never)).toBe("dead");
});
