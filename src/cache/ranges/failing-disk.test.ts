/** The disk fails at every operation in turn, or the process dies there: ranges are read all the same, and no byte is ever wrong. */
import { expect, test } from "vitest";
import { noise, openBench, readAll } from "../../../tests/cache-bench.ts";
import { type FsFault, failNth, nodeFsOperations, openNodeDisk } from "../../disk/index.ts";
import { isEntrepotError } from "../../error/index.ts";
import { pieceBlockBytes as block } from "./piece.ts";

const size = 5 * block + 5;
const ranges = [{ start: 10, end: 20 }, { start: 5, end: 3 * block }, { suffix: 8 }] as const;

const part = (bytes: Uint8Array, range: (typeof ranges)[number]) =>
  "suffix" in range ? bytes.slice(-range.suffix) : bytes.slice(range.start, range.end);

// Each operation takes half a minute for each fault.
const step = 9;

test.each<[string, FsFault]>([
  ["EIO", { errno: "EIO" }],
  ["ENOSPC for good", { errno: "ENOSPC", persistent: true }],
  ["a short write or read", { short: true }],
  ["the end of the process", { crash: true }],
])(
  "%s at any operation costs no range",
  async (_, fault) => {
    let nth = 1;
    for (let fired = true; fired; nth += step) {
      const failing = failNth(nodeFsOperations, nth, fault);
      const bench = await openBench({ disk: openNodeDisk({ operations: failing.operations }) });
      const { put, wrap, reopen, cached } = bench;
      const offline = wrap({ network: "offline" });
      for (const seed of [1, 2]) {
        await put("a", noise(size, seed));
        for (const range of ranges) {
          try {
            const read = await readAll(cached, "a", { range });
            expect(Buffer.compare(read, part(noise(size, seed), range))).toBe(0);
          } catch (error) {
            if (!("crash" in fault)) throw error;
          }
        }
        const read = await readAll(offline, "a", { range: ranges[1] }).catch((error: unknown) => {
          if ("crash" in fault || isEntrepotError(error, "not-cached")) return undefined;
          throw error;
        });
        if (read !== undefined) expect(Buffer.compare(read, part(noise(size, seed), ranges[1]))).toBe(0);
      }
      await bench.cache.close().catch(() => undefined);
      fired = failing.fired;
      const mended = wrap({}, reopen({ disk: openNodeDisk() }));
      for (const range of ranges) {
        expect(Buffer.compare(await readAll(mended, "a", { range }), part(noise(size, 2), range))).toBe(0);
      }
    }
    expect(nth).toBeGreaterThan(40);
  },
  60_000,
);
