/** Processes that are killed while they keep results: what they leave is no wrong result, and stands in nobody's way. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { entrepot } from "entrepot";
import { cached, resultStore } from "entrepot/flow";
import { startS3Server } from "entrepot/testing";
import { expect, test } from "vitest";

const cwd = fileURLToPath(new URL("../../", import.meta.url));
const program = `
  import { entrepot } from "entrepot";
  import { cached, resultStore } from "entrepot/flow";
  const [options, where, seed] = JSON.parse(process.argv[1]);
  const data = entrepot(options);
  const results = resultStore(where.dir === undefined ? { ...where, data } : { ...where, data });
  const rows = cached(function rows(place) {
    console.log("computing " + place);
    return { place, bytes: new Uint8Array(200_000).fill(place), text: String(place).repeat(1000) };
  }, { version: 1, results });
  for (let round = 0; ; round += 1) {
    const place = (seed * 7 + round * 13) % 50;
    await rows(place);
    console.log("done " + place);
  }
`;

test.each(["a folder", "S3"])(
  "forty killed processes leave only right results in %s",
  { timeout: 280_000 },
  async (where) => {
    const folder = mkdtempSync(join(tmpdir(), "entrepot-killed-"));
    const s3 = await startS3Server({ buckets: ["b"] });
    const options = { ...s3.options, envFile: false as const, cache: false as const };
    const place = where === "S3" ? { store: "s3://b/results/" } : { dir: join(folder, "results") };
    const data = entrepot(options);
    let state = 20_261_123;
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    try {
      const rounds = where === "S3" ? 12 : 28;
      for (let round = 0; round < rounds; round += 2) {
        const pair = [start(round), start(round + 1)];
        // after so many lines of each, which is in the middle of something
        await Promise.all(pair.map((child) => lines(child, 1 + random(12))));
        for (const child of pair) child.kill("SIGKILL");
        await Promise.all(
          pair.map((child) => child.exitCode === null && child.signalCode === null && once(child, "close")),
        );
      }
      const results = resultStore({ ...(place as { store: string }), data });
      const isPlace = (place: number) => ({
        place,
        bytes: new Uint8Array(200_000).fill(place),
        text: String(place).repeat(1000),
      });
      let computed = 0;
      const rows = cached(
        function rows(place: number) {
          computed += 1;
          return isPlace(place);
        },
        { version: 1, results },
      );
      // the dead hold nothing: nobody waits, nobody fails, nothing is wrong
      for (let place = 0; place < 50; place += 1) expect(await rows(place)).toEqual(isPlace(place));
      expect(computed).toBeLessThan(50);
      const found = computed;
      for (let place = 0; place < 50; place += 1) expect(await rows(place)).toEqual(isPlace(place));
      expect(computed).toBe(found);
    } finally {
      await data.close();
      await s3.close();
      rmSync(folder, { recursive: true });
    }

    function start(seed: number): ChildProcess {
      const given = JSON.stringify([options, place, seed]);
      return spawn(process.execPath, ["--input-type=module", "-e", program, given], {
        cwd,
        stdio: ["ignore", "pipe", "inherit"],
      });
    }
  },
);

async function lines(child: ChildProcess, count: number): Promise<void> {
  if (child.stdout === null) return;
  let seen = 0;
  for await (const _ of createInterface({ input: child.stdout })) if (++seen >= count) return;
}
