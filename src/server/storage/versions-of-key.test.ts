import { expect, test } from "vitest";
import type { DeleteMarker, VersionRecord } from "./records.ts";
import { sequenceOf } from "./version-id.ts";
import { placed, withRevised, withVersion } from "./versions-of-key.ts";

const at = (modifiedMs: number): DeleteMarker => ({ key: "k", modifiedMs, deleteMarker: true });

test("arrival decides about the order, even when the clock stands still or goes back", () => {
  let versions: readonly VersionRecord[] = [];
  for (const modifiedMs of [5, 5, 3, 9, 1]) {
    versions = withVersion(versions, placed(at(modifiedMs), versions, "Enabled"));
  }
  expect(versions.map(({ modifiedMs }) => modifiedMs)).toEqual([5, 5, 3, 9, 1]);
  expect(versions.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  expect(versions.map(({ versionId }) => sequenceOf(versionId ?? ""))).toEqual([1, 2, 3, 4, 5]);
});

test("there is one version null, which comes to the top when it is written again", () => {
  const first = placed(at(1), [], undefined);
  const second = placed(at(2), [first], "Enabled");
  const third = placed(at(3), [first, second], "Suspended");
  expect(withVersion([first, second], third)).toEqual([second, third]);
  expect(third).toMatchObject({ versionId: undefined, sequence: 2 });
});

test("a revised version stays where it is", () => {
  const versions = [placed(at(1), [], "Enabled"), placed(at(2), [], undefined)] as const;
  const revised = { ...versions[0], modifiedMs: 7 };
  expect(withRevised(versions, revised)).toEqual([revised, versions[1]]);
});
