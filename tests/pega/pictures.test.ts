import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type AdmDatamart, admDatamart } from "entrepot/pega";
import type { Frame } from "entrepot/table";
import pl from "nodejs-polars";
import { beforeAll, describe, expect, test } from "vitest";
import { code } from "../table/world.ts";
import { binRows, modelId, snapshotRows } from "./snapshots.ts";

const hostile = [
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(2)</script>",
  '"><svg onload=alert(3)>',
  "]]>&lt;!--",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what replace() would take for a group
  "{b} {c} $& ${1}",
  "a\u0007\u202Eb\u2028c",
  "__proto__",
  "constructor",
  "x".repeat(400),
];
const named = (row: Record<string, unknown>, keys: readonly string[], at: number) => ({
  ...row,
  ...Object.fromEntries(keys.map((key) => [key, hostile[at % hostile.length]])),
});
const drawingTags: ReadonlySet<string | undefined> = new Set([
  "svg",
  "title",
  "desc",
  "style",
  "rect",
  "path",
  "text",
  "g",
  "defs",
  "clipPath",
]);
const kinds = ["bubble", "predictors", "trend"] as const;
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (chromium === undefined) console.warn("SKIPPED: there is no Chromium to look at pictures with");

describe("a picture", () => {
  let datamart: AdmDatamart;
  beforeAll(async () => {
    const models = snapshotRows(1000, 3).map((row, at) =>
      named(row, ["pyName", "pyChannel", "pyConfigurationName"], Math.floor(at / 3)),
    );
    const predictors = binRows(40, 8).map((row, at) =>
      named(row, ["pyPredictorName", "pyPredictorCategory"], Math.floor(at / 2)),
    );
    datamart = await admDatamart({
      models: pl.DataFrame(models) as Frame,
      predictors: pl.DataFrame(predictors) as Frame,
    });
  });

  test.each(kinds)("of names that are markup has none of it in its SVG: %s", async (kind) => {
    const svg = await datamart.plot(kind, { title: hostile[1] });
    expect(svg).toMatch(/^<svg role="img" [^>]*>\n<title>&#60;\/script&#62;/);
    const inTags = [...svg.matchAll(/<[^>]*>/g)].join("");
    expect(inTags).not.toMatch(/\son[a-z]+=|href=/i);
    expect(svg).not.toMatch(/\u202e|(?!\n)\p{Cc}/u);
    const tags = new Set([...svg.matchAll(/<([a-zA-Z]+)/g)].map(([, tag]) => tag));
    expect([...tags].filter((tag) => !drawingTags.has(tag))).toEqual([]);
    // echarts keeps texts as keys of objects
    expect([Object.keys(Object.prototype), Object.hasOwn(Object, "prev")]).toEqual([[], false]);
  });

  test.each(kinds)("has a colour of its own for each of light and dark: %s", async (kind) => {
    const [auto, light, dark] = await Promise.all(
      (["auto", "light", "dark"] as const).map((theme) => datamart.plot(kind, { theme })),
    );
    expect(auto).toContain("prefers-color-scheme: dark");
    expect(light).not.toContain("prefers-color-scheme");
    expect([light?.includes('fill="#ffffff"'), dark?.includes('fill="#ffffff"')]).toEqual([true, false]);
    const inDark = [...(auto?.matchAll(/\[fill="(#[0-9a-f]{6})"\]/g) ?? [])].map(([, colour]) => colour);
    const used = [...(light?.matchAll(/fill="(#[0-9a-f]{6})"/g) ?? [])].map(([, colour]) => colour);
    expect(used.filter((colour) => !inDark.includes(colour))).toEqual([]);
  });

  test("of a thousand models has a bubble for each, and names a few", async () => {
    const svg = await datamart.plot("bubble", { theme: "light" });
    expect(svg.match(/ecmeta_ssr_type="chart"/g)).toHaveLength(1000);
    expect(svg).toContain("1,000 models in the last snapshot");
  });

  test("says of whom it speaks: twins by their channel, counts in words, dates with their year", async () => {
    const rows = snapshotRows(8, 3).map((row) => ({ ...row, pyName: "Offer", pyConfigurationName: "c".repeat(90) }));
    const twins = await admDatamart({
      models: pl.DataFrame(rows) as Frame,
      predictors: pl.DataFrame(binRows(3, 1)) as Frame,
    });
    const bubbles = await twins.plot("bubble");
    expect(bubbles).toMatch(/>Offer \((?:Web|SMS|Email|Mobile)\)</);
    expect(bubbles).toContain("1 (12.5%) with nothing learned yet: performance 50, success rate 0%");
    expect(await twins.query({ ModelID: [modelId(1)] }).plot("bubble")).not.toContain("nothing learned");
    expect(await twins.plot("predictors", { by: "category" })).toContain("1 category of");
    const trend = await twins.plot("trend", { width: 400, by: "Configuration" });
    expect(trend).toMatch(/>2021-06-\d\d</);
    expect(trend).toMatch(/means weighted by( |<\/text>[\s\S]*?>)responses</);
  });

  test("says which options it has, and what it needs", async () => {
    await expect(datamart.plot("bubble", { top: 3 } as never)).rejects.toThrow(TypeError);
    await expect(datamart.plot("pie" as never)).rejects.toThrow(/bubble, predictors, trend/);
    await expect(datamart.plot("buble" as never)).rejects.toThrow(/did you mean bubble\?/);
    await expect(datamart.plot("bubble", { by: "Chanel" })).rejects.toMatchObject({
      hint: expect.stringMatching(/^did you mean Channel\? there are /),
    });
    await expect(datamart.plot("trend", { width: 10 })).rejects.toThrow(RangeError);
    await expect(datamart.plot("trend", { by: "Season" })).rejects.toMatchObject(code("malformed"));
    const alone = await admDatamart({ predictors: pl.DataFrame(binRows(3, 2)) as Frame });
    await expect(alone.plot("bubble")).rejects.toMatchObject(code("not-found"));
    expect(await alone.plot("predictors", { activeOnly: true, top: 1 })).toContain("1 predictor");
  });

  describe.skipIf(chromium === undefined)("that a browser shows", () => {
    test("runs nothing of the names, fetches nothing, and is whole", { timeout: 120_000 }, async () => {
      const { chromium: browsers } = await import("playwright-core");
      const folder = await mkdtemp(join(tmpdir(), "entrepot-pictures-"));
      const browser = await browsers.launch({ executablePath: chromium as string, args: ["--no-sandbox"] });
      const seen: string[] = [];
      try {
        for (const kind of kinds)
          for (const format of ["svg", "html"] as const) {
            const path = join(folder, `${kind}.${format}`);
            await writeFile(path, await datamart.plot(kind, { format }));
            const page = await browser.newPage();
            page.on("pageerror", (error) => seen.push(`${kind}.${format}: ${error}`));
            page.on("console", (message) => seen.push(`${kind}.${format}: ${message.text()}`));
            page.on("dialog", (dialog) => {
              seen.push(`${kind}.${format}: dialog`);
              void dialog.dismiss();
            });
            page.on("request", (request) => {
              if (!request.url().startsWith("file:")) seen.push(request.url().slice(0, 80));
            });
            await page.goto(pathToFileURL(path).href);
            expect(await page.locator(format === "svg" ? "svg text" : "#chart canvas").count()).toBeGreaterThan(0);
            expect(await page.locator("parsererror, img").count()).toBe(0);
            if (kind === "bubble" && format === "html") {
              const box = await page.locator("#chart canvas").boundingBox();
              for (let x = 60; x < (box?.width ?? 0) - 250; x += 40)
                await page.mouse.move((box?.x ?? 0) + x, (box?.y ?? 0) + 560);
              expect(await page.locator("img").count()).toBe(0);
            }
            await page.close();
          }
      } finally {
        await browser.close();
        await rm(folder, { recursive: true });
      }
      expect(seen).toEqual([]);
    });
  });
});
