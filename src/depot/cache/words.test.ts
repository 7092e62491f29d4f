import { describe, expect, test } from "vitest";
import type { KeptEntry } from "../../cache/index.ts";
import { leavesWhen, limitsInWords, stateOf } from "./words.ts";

const nowMs = 1_000_000_000;
const kept: KeptEntry = {
  entry: "0".repeat(64),
  uri: "s3://b/a",
  etag: '"1"',
  sizeBytes: 1,
  path: "/a",
  usedMs: nowMs,
  checkedMs: nowMs - 60_000,
  fetchedMs: nowMs,
  versionId: undefined,
  isFixed: false,
  isOvertaken: false,
  isComplete: true,
  verified: "checksum",
  pinIds: [],
  holders: [],
  isInUseHere: false,
};
const auto = { network: "auto", maxAgeMs: 0 } as const;

describe("the state of a copy", () => {
  test.each([
    ["without a maxAge every read asks", {}, auto, "asks", /every read asks/],
    ["within maxAge nobody is asked", {}, { ...auto, maxAgeMs: 600_000 }, "fresh", /nobody is asked for 9 min/],
    ["beyond maxAge the next read asks", {}, { ...auto, maxAgeMs: 30_000 }, "asks", /60 s ago, longer than maxAge/],
    ["a clock that went back makes nothing fresh", { checkedMs: nowMs + 1 }, { ...auto, maxAgeMs: 5 }, "asks", /clock/],
    [
      "what is overtaken is asked for at any age",
      { isOvertaken: true },
      { ...auto, maxAgeMs: 1e9 },
      "outdated",
      /newer/,
    ],
    ["one version never changes", { isFixed: true, isOvertaken: true }, auto, "fresh", /never changes/],
    ["offline nobody can be asked", { isOvertaken: true }, { ...auto, network: "offline" }, "fresh", /offline/],
    ["an own write says that it is one", { isComplete: false }, auto, "asks", /written here/],
  ] as const)("%s", (_, facts, settings, state, why) => {
    expect(stateOf({ ...kept, ...facts }, settings, nowMs)).toEqual({ state, why: expect.stringMatching(why) });
  });
});

describe("what takes a copy away", () => {
  const free = { pinnedBy: [], held: false, heldBy: [] };
  const limits = limitsInWords({
    cache: {
      dir: "/c",
      mode: 0o600,
      maxAgeMs: 0,
      maxBytes: 10_000,
      maxObjects: 5,
      olderThanMs: 86_400_000,
      unusedForMs: 3_600_000,
      minFreeBytes: 7,
    },
  });

  test("is each limit in force, or nothing but a call", () => {
    expect(leavesWhen(free, [])).toMatch(/stays until it is pruned or cleared/);
    expect(limits).toHaveLength(5);
    expect(leavesWhen(free, limits)).toMatch(/24 h after.*60 min.*10,000 bytes.*5 objects.*7 bytes are free/);
  });

  test("waits for pins and holders, and names them", () => {
    expect(leavesWhen({ ...free, pinnedBy: ["s3://b/"] }, limits)).toBe("not before it is unpinned: s3://b/");
    const heldBy = [{ pid: 12, isHere: true }];
    expect(leavesWhen({ ...free, held: true, heldBy }, [])).toMatch(/^not while process 12 holds it; then: no limit/);
    expect(leavesWhen({ pinnedBy: ["s3://b/"], held: true, heldBy }, [])).toMatch(
      /unpinned: s3:\/\/b\/, and not while/,
    );
  });
});
