/** What somebody meets who uses the page of runs for the first time. */
import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { chromiumPath, openBrowser } from "./browser.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const [embedded] = kinds;

describe.skipIf(chromiumPath === undefined)("the first hour with the page", { timeout: 120_000 }, () => {
  let it: ServedWorld;
  let browser: Browser;

  const open = async (url = it.served.newSignInUrl()): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, locale: "en-GB", timezoneId: "UTC" });
    page.setDefaultTimeout(15_000);
    await page.goto(url);
    return page;
  };

  beforeAll(async () => {
    if (!existsSync(new URL("../../dist/page/page.js", import.meta.url))) throw new Error("run npm run build first");
    it = await openServedWorld((embedded as NonNullable<typeof embedded>).open, { now: Date.now });
    it.world.clock.nowMs = Date.now();
    await it.store.models.add("growth", {});
    await it.store.models.deploy("growth", { program: { command: ["node", "main.js"] } });
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });

  test("a link that is pasted into a tab that shows the page signs in", async () => {
    const page = await open(`${it.served.url}/`);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    const link = it.served.newSignInUrl();
    await page.evaluate((url) => location.assign(url), link);
    await page.getByRole("heading", { name: "All runs" }).waitFor();
    expect(page.url()).toBe(`${it.served.url}/#/`);
    await page.close();
  });
});
