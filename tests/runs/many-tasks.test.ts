import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { entrepot } from "entrepot";
import { openRunStore } from "entrepot/runs";
import { describe, expect, onTestFinished, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { runFleet } from "./fleet.mjs";

describe.each(kinds)("on a database that is $kind", ({ open }) => {
  test("of 150 tasks on 4 workers that fail and are killed every one comes to its one right end", {
    timeout: 300_000,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "entrepot-fleet-"));
    const opened = await open();
    const data = entrepot({ env: {}, envFile: false });
    onTestFinished(async () => {
      await data.close();
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    });
    const { place } = opened;
    const { wrong, states, deaths, attempts } = await runFleet({
      open: () => openRunStore(data, opened.place),
      ...{ folder, tasks: 150, workers: 4, seconds: 0.05 },
      place: "url" in place ? (place.url ?? "") : String(place.dir),
      main: fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url)),
    });
    expect(wrong).toEqual([]);
    expect(states.done + states.failed).toBe(150);
    // by the dice of these policies
    expect(deaths).toBeGreaterThan(0);
    expect(states.failed).toBeGreaterThan(0);
    expect(attempts).toBeGreaterThan(155);
  });
});
