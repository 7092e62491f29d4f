/**
 * The page of runs over a database of 10,000 runs: from asking for the address until its list is there and its fields can be used, in
 * Chromium, each time in a new profile; then a further page and a search. usage: runs-page.mjs [--rounds 9] [--runs 10000] [--check]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { entrepot } from "entrepot";
import { openRunStore } from "entrepot/runs";
import { chromium } from "playwright-core";
import { assertBuilt, circumstances, count, publish, repo, summary, target } from "./figures.mjs";

assertBuilt();
const rounds = count("rounds", 9);
const runs = count("runs", 10_000);
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
if (executablePath === undefined) {
  console.log("there is no Chromium here");
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "entrepot-bench-page-"));
await fill();
const server = spawn(process.execPath, [
  `${repo}dist/cli/main.js`,
  "runs",
  "serve",
  "--runs",
  folder,
  "--port",
  "0",
  "--json",
]);
/** @type {Record<string, number[]>} */
const samples = { interactive: [], "next page": [], search: [], "a run": [] };
try {
  const [line] = await once(createInterface(server.stdout), "line");
  const { url, signInUrl } = JSON.parse(String(line));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--no-first-run"] });
  const first = await browser.newContext();
  const page = await first.newPage();
  await page.goto(signInUrl);
  await page.getByRole("heading", { name: "All runs" }).waitFor();
  const cookies = await first.cookies();
  await first.close();
  for (let round = -1; round < rounds; round += 1) {
    const context = await browser.newContext();
    await context.addCookies(cookies);
    const page = await context.newPage();
    await page.addInitScript(() => {
      // interactive: all rows are there, and a frame with them was shown
      new MutationObserver((_, observer) => {
        if (document.querySelectorAll("#runs li").length < 50) return;
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(() => Object.assign(window, { interactiveMs: performance.now() })));
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(url);
    const ms = await (await page.waitForFunction(() => Reflect.get(window, "interactiveMs"))).jsonValue();
    const took = async (/** @type {() => Promise<unknown>} */ work) => {
      const startMs = performance.now();
      await work();
      return performance.now() - startMs;
    };
    const next = await took(async () => {
      await page.getByRole("button", { name: "Older" }).click();
      await page.getByText(nameOf(runs - 51), { exact: true }).waitFor();
    });
    const search = await took(async () => {
      await page.getByLabel("Search").fill(nameOf(77));
      await page.getByText(nameOf(77), { exact: true }).waitFor();
    });
    const one = await took(async () => {
      await page.getByRole("link", { name: new RegExp(nameOf(77)) }).click();
      await page.getByRole("heading", { name: nameOf(77), exact: true }).waitFor();
    });
    if (round >= 0)
      for (const [name, value] of Object.entries({ interactive: ms, "next page": next, search, "a run": one }))
        samples[name]?.push(value);
    await context.close();
  }
  await browser.close();
} finally {
  server.kill("SIGINT");
  await once(server, "close");
  rmSync(folder, { recursive: true, force: true });
}
const results = Object.fromEntries(Object.entries(samples).map(([name, values]) => [name, summary(values)]));
for (const [what, { p50, min, max }] of Object.entries(results))
  console.log(`${what.padEnd(12)} ${p50.toFixed(0).padStart(6)} ms (${min.toFixed(0)} to ${max.toFixed(0)})`);
target(`interactive with ${runs} runs, ms`, results["interactive"]?.p50 ?? Number.NaN, 1_000);
publish("runs-page", { circumstances: circumstances(), runs, results });

/** @param {number} number */
function nameOf(number) {
  return `run ${String(number).padStart(6, "0")}`;
}

async function fill() {
  const data = entrepot();
  const store = await openRunStore(data, { dir: folder });
  await store.models.add("growth");
  await store.models.deploy("growth", { program: { command: ["node", "main.js"] } });
  for (let number = 0; number < runs; number += 1)
    await store.runs.create({ model: "growth", name: nameOf(number), policies: ["baseline", "high"] });
  await store.close();
  await data.close();
}
