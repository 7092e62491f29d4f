/** The pictures of docs/runs.md: made anew by ENTREPOT_TEST_PICTURES=docs/pictures, and looked at by whoever commits them. */
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { chromiumPath, openBrowser } from "./browser.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const [embedded] = kinds;
const folder = process.env["ENTREPOT_TEST_PICTURES"];
const table = [
  "year,gdp,debt",
  ...[2025, 2026, 2027].map((year, at) => `${year},${28_400 + at * 612.5},${(0.98 + at * 0.013).toFixed(3)}`),
];

describe.skipIf(chromiumPath === undefined || folder === undefined)(
  "pictures of the page",
  { timeout: 120_000 },
  () => {
    let it: ServedWorld;
    let browser: Browser;
    let id = "";
    beforeAll(async () => {
      it = await openServedWorld((embedded as NonNullable<typeof embedded>).open);
      it.world.clock.nowMs = Date.now();
      const { store } = it;
      await store.models.add("growth", { description: "Output and debt over ten years" });
      await store.models.deploy("growth", { program: { command: ["python3", "model.py"] } });
      const older = ["Calibration", "Budget 2024", "Budget 2024, revised"];
      for (const name of older) {
        const run = await store.runs.create({ model: "growth", name, policies: ["baseline", "high"] });
        for (const task of await store.runs.start(run.id)) if (name !== "Calibration") await it.finish(task.id, {});
        if (name === "Calibration") await store.runs.cancel(run.id);
      }
      const policies = ["baseline", "high", "low"];
      const run = await store.runs.create({
        model: "growth",
        name: "Budget 2025",
        policies,
        options: { first_year: 2025 },
        description: "Growth of 2 and of 3 per cent against the baseline",
      });
      id = run.id;
      await store.files.put(id, undefined, "parameters.csv", "name,value\ngrowth,0.02\n");
      await store.files.put(id, "high", "parameters.csv", "name,value\ngrowth,0.03\n");
      const [baseline, high] = await store.runs.start(id);
      await it.finish(baseline?.id ?? "", { "result.csv": `${table.join("\n")}\n`, "notes.txt": "done" }, [
        "reading parameters.csv",
        "10 years from 2025 on",
        "written result.csv",
      ]);
      const attempt = await store.tasks.begin(high?.id ?? "", { worker: "machine" });
      const lines = [
        "reading parameters.csv",
        "10 years from 2025 on",
        "2028: no convergence after 40 steps, going on with 80",
      ];
      await store.tasks.log(
        attempt?.token as never,
        lines.map((line, at) => ({ timeMs: it.world.clock.nowMs, stream: at === 2 ? "stderr" : "stdout", line })),
      );
      await store.tasks.progress(attempt?.token as never, { fraction: 0.4, message: "year 4 of 10" });
      browser = await openBrowser();
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await it?.close();
    });

    test.each([
      { name: "runs-page", width: 1000, height: 1150, colorScheme: "light" },
      { name: "runs-page-dark", width: 1000, height: 1150, colorScheme: "dark" },
      { name: "runs-page-phone", width: 390, height: 1100, colorScheme: "light" },
    ] as const)("$name", async ({ name, width, height, colorScheme }) => {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme,
        locale: "en-GB",
        timezoneId: "UTC",
      });
      const page = await context.newPage();
      await page.goto(it.served.newSignInUrl());
      await page.getByRole("link", { name: /Budget 2025/ }).click();
      await page.getByRole("button", { name: "Preview result.csv of baseline" }).click();
      await page.getByRole("cell", { name: "2026" }).waitFor();
      await page.getByRole("log").getByText("going on with 80").waitFor();
      await page.evaluate(() => scrollTo(0, 0));
      const { byteLength } = await page.screenshot({ path: join(folder ?? "", `${name}.png`) });
      expect(byteLength).toBeLessThan(200_000);
      await context.close();
    });
  },
);
