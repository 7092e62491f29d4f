/** What has to go, without a list of what there is. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Oldest } from "./oldest.ts";

const usage = (sizeBytes: number) => ({ objects: 1, sizeBytes });

test("what goes by a cut is what a sorted list would give up", () => {
  const entry = fc.record({ usedMs: fc.integer({ min: 0, max: 50 }), sizeBytes: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(
      fc.array(entry),
      fc.integer({ min: -5, max: 200 }),
      fc.integer({ min: -5, max: 40 }),
      (all, sizeBytes, objects) => {
        const oldest = new Oldest();
        for (const { usedMs, sizeBytes: size } of all) oldest.add(usedMs, usage(size));
        const { beforeMs, boundaryMs, rest } = oldest.cut({ objects, sizeBytes });
        let left = rest;
        const isGone = ({ usedMs, sizeBytes: size }: (typeof all)[number]) => {
          if (usedMs < beforeMs) return true;
          if (usedMs >= boundaryMs || (left.objects <= 0 && left.sizeBytes <= 0)) return false;
          left = { objects: left.objects - 1, sizeBytes: left.sizeBytes - size };
          return true;
        };
        const gone = all.filter(isGone);
        const sum = gone.reduce((total, { sizeBytes: size }) => total + size, 0);
        const isEnough = sum >= sizeBytes && gone.length >= objects;
        expect(isEnough || gone.length === all.length).toBe(true);
        // Nothing that was used later than something that stays.
        const youngest = Math.max(-1, ...gone.map(({ usedMs }) => usedMs));
        const staying = all.filter((one) => !gone.includes(one));
        for (const { usedMs } of staying) expect(usedMs).toBeGreaterThanOrEqual(youngest);
        // Without the last of them it would not have been enough.
        if (isEnough && gone.length > 0 && (sizeBytes > 0 || objects > 0)) {
          const newest = gone.filter(({ usedMs }) => usedMs === youngest);
          const without = sum - newest.reduce((total, { sizeBytes: size }) => total + size, 0);
          expect(without < sizeBytes || gone.length - newest.length < objects).toBe(true);
        }
      },
    ),
  );
});

test("a million times that differ take no more than their steps", () => {
  const oldest = new Oldest();
  const count = 300_000;
  for (let index = 0; index < count; index += 1) oldest.add(1e12 + index * 997, usage(1));
  const { beforeMs, boundaryMs } = oldest.cut({ objects: count / 2, sizeBytes: 0 });
  const middle = 1e12 + (count / 2 - 1) * 997;
  expect(beforeMs).toBeLessThanOrEqual(middle);
  expect(boundaryMs).toBeGreaterThan(middle);
  expect(boundaryMs - beforeMs).toBeLessThanOrEqual((count * 997) / 16_384);
});
