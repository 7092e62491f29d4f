import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { accessFindings, chromiumPath, openBrowser } from "./browser.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const [embedded] = kinds;
const policies = Array.from({ length: 230 }, (_, at) => `policy ${String(at).padStart(3, "0")}`);

describe.skipIf(chromiumPath === undefined)("the page of a run with many policies", { timeout: 120_000 }, () => {
  let it: ServedWorld;
  let browser: Browser;
  let page: Page;
  let id: string;
  let tasks: readonly { readonly id: string }[];
  /** What was asked of the API about this run, without events. */
  let asked: string[] = [];

  beforeAll(async () => {
    if (!existsSync(new URL("../../dist/page/page.js", import.meta.url))) throw new Error("run npm run build first");
    it = await openServedWorld((embedded as NonNullable<typeof embedded>).open, { now: Date.now });
    it.world.clock.nowMs = Date.now();
    const model = await it.world.newModel();
    const long = { name: `Many${"W".repeat(190)}`, description: "d".repeat(300), options: { x: "x".repeat(300) } };
    ({ id } = await it.store.runs.create({ model, policies, ...long }));
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(30_000);
    page.on("request", (request) => {
      const { pathname, search } = new URL(request.url());
      const at = pathname.split(`/runs/${id}`)[1];
      if (at !== undefined && at !== "/events") asked.push(at + search);
    });
    await page.goto(it.served.newSignInUrl());
    await page.getByRole("link", { name: /Many/ }).click();
    await page.getByRole("heading", { name: "Many" }).waitFor();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await it?.close();
  });

  const rows = () => page.getByRole("rowheader", { name: /^policy/ });
  const more = () => page.getByRole("button", { name: "Show more" });

  test("shows some, and more of them when asked, before the start and after", async () => {
    expect(await rows().count()).toBe(100);
    await page.getByText("130 policies more").waitFor();
    await more().click();
    await expect.poll(() => rows().count()).toBe(200);
    tasks = await it.store.runs.start(id);
    await page.getByRole("status", { name: "State of the run" }).getByText("running").waitFor();
    expect(await rows().count()).toBe(100);
    await more().click();
    await expect.poll(() => rows().count()).toBe(200);
    await more().click();
    await expect.poll(() => rows().count()).toBe(230);
    expect(await more().count()).toBe(0);
    expect(await accessFindings(page)).toEqual([]);
  });

  test("asks for nothing while a program only says how far it is, and then for what its end names", async () => {
    const attempt = await it.store.tasks.begin(tasks[229]?.id ?? "", { worker: "w" });
    await page
      .getByRole("row", { name: /^policy 229/ })
      .getByText("running")
      .waitFor();
    await expect.poll(() => asked.at(-1)).toMatch(/policy=policy\+229/);
    asked = [];
    for (let step = 1; step <= 40; step += 1) {
      await it.store.tasks.log(attempt?.token as never, [{ timeMs: step, stream: "stdout", line: `line ${step}` }]);
      await it.store.tasks.progress(attempt?.token as never, { fraction: step / 40, message: `step ${step}` });
    }
    await page.getByText("step 40", { exact: true }).waitFor();
    await page.getByRole("log").getByText("line 40").waitFor();
    expect(asked).toEqual([]);
    await it.store.tasks.end(attempt?.token as never, {
      state: "done",
      outputs: Array.from({ length: 150 }, (_, at) => ({
        path: `${at}.csv`,
        uri: `file:///x/${at}`,
        sizeBytes: 1,
        etag: "e",
      })),
    });
    await page
      .getByRole("row", { name: /^policy 229/ })
      .getByText("done")
      .waitFor();
    expect(asked.sort()).toEqual(["", "/outputs?limit=100", "/tasks?policy=policy+229&limit=1"]);
    const outputs = () => page.getByRole("button", { name: /^Preview/ }).count();
    await expect.poll(outputs).toBe(100);
    await more().click();
    await expect.poll(outputs).toBe(150);
    expect(await rows().count()).toBe(230);
  });

  test("is never wider than its window, however long and without a space a name is", async () => {
    await it.store.tasks
      .begin(tasks[0]?.id ?? "", { worker: "w" })
      .then((attempt) =>
        it.store.tasks.end(attempt?.token as never, { state: "failed", error: "e".repeat(500), mayRetry: false }),
      );
    await page.getByText("e".repeat(500)).waitFor();
    for (const [width, height] of [
      [390, 844],
      [1280, 900],
    ] as const) {
      await page.setViewportSize({ width, height });
      expect(await accessFindings(page)).toEqual([]);
    }
  });

  test("goes back to signing in when its session is over", async () => {
    await page.evaluate(() => fetch("/api/v1/session", { method: "DELETE" }));
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });
});
