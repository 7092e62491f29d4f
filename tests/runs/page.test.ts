import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { accessFindings, chromiumPath, openBrowser } from "./browser.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const [embedded] = kinds;
const sizes = {
  light: { width: 1280, height: 1180 },
  dark: { width: 1280, height: 1180 },
  phone: { width: 390, height: 844 },
};
const picture = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGPgX9COBzGMTGkAmaGW7RSpq2UAAAAASUVORK5CYII=",
  "base64",
);

if (chromiumPath === undefined) console.warn("SKIPPED: there is no Chromium to open the page of runs with");

describe.skipIf(chromiumPath === undefined)("the page", { timeout: 120_000 }, () => {
  let it: ServedWorld;
  let browser: Browser;
  let files: string;
  /** What a page asked for and complained of. */
  const asked = new Set<string>();
  const complaints: string[] = [];
  const contexts: BrowserContext[] = [];

  const open = async (look: keyof typeof sizes, url = it.served.newSignInUrl()): Promise<Page> => {
    const context = await browser.newContext({
      viewport: sizes[look],
      colorScheme: look === "dark" ? "dark" : "light",
      reducedMotion: "reduce",
      locale: "en-GB",
      timezoneId: "UTC",
    });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("request", (request) => asked.add(new URL(request.url()).origin));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(url);
    return page;
  };
  const runId = (page: Page) => page.url().split("/runs/")[1] ?? "";

  beforeAll(async () => {
    if (!existsSync(new URL("../../dist/page/page.js", import.meta.url))) throw new Error("run npm run build first");
    it = await openServedWorld((embedded as NonNullable<typeof embedded>).open, { now: Date.now });
    it.world.clock.nowMs = Date.now();
    for (const name of ["growth", "dynamics"]) {
      await it.store.models.add(name, { description: `The model of ${name}` });
      await it.store.models.deploy(name, { program: { command: ["node", "main.js"] } });
    }
    files = await mkdtemp(join(tmpdir(), "entrepot-page-"));
    await writeFile(join(files, "parameters.csv"), '"name",value\r\n"growth",0.02\r\nrate,0.5\n"a\r\nb",""\r\n');
    await writeFile(join(files, "settings.json"), '{ "years": 10 }\n');
    await writeFile(join(files, "notes.txt"), "\ufeffone\r\ntwo\nthree\r\n");
    await writeFile(join(files, "table.bin"), new Uint8Array([0, 1, 2]));
    browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    for (const context of contexts) await context.close();
    await browser?.close();
    await it?.close();
    await rm(files, { recursive: true, force: true });
  });

  test("makes a run, takes its files, edits them, starts it, follows it and shows what came out", async () => {
    const page = await open("light");
    await page.getByRole("button", { name: "New run" }).click();
    const form = page.getByRole("form", { name: "New run" });
    await form.getByLabel("Model").selectOption("growth");
    await form.getByLabel("Name").fill("Budget 2025");
    await form.getByLabel("Description").fill("Growth against the baseline");
    await form.getByLabel(/^Policies/).fill("baseline\nhigh\nlow");
    await form.getByLabel(/^Options/).fill('{ "first_year": 2024 }');
    expect(await accessFindings(page)).toEqual([]);
    await form.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Budget 2025" }).waitFor();
    const id = runId(page);
    expect(await it.store.runs.get(id)).toMatchObject({
      policies: ["baseline", "high", "low"],
      options: { first_year: 2024 },
      baselineFirst: false,
    });

    await page
      .getByLabel("Upload files")
      .setInputFiles(["parameters.csv", "settings.json", "notes.txt", "table.bin"].map((name) => join(files, name)));
    await page.getByRole("button", { name: "Edit parameters.csv of all policies" }).click();
    await page.getByLabel("value, row 1").fill('1,5 "x"');
    await page.getByRole("button", { name: "Add row" }).click();
    await page.getByLabel("name, row 4").fill("<b>größe</b>");
    expect(await accessFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("parameters.csv is saved.").waitFor();
    expect(Buffer.from(await it.store.files.read(id, undefined, "parameters.csv")).toString()).toBe(
      '"name",value\r\n"growth","1,5 ""x"""\r\nrate,0.5\n"a\r\nb",""\r\n<b>größe</b>,\r\n',
    );
    await page.getByRole("button", { name: "Edit notes.txt of all policies" }).click();
    const notes = page.getByLabel("notes.txt", { exact: true });
    await notes.press("Control+End");
    await notes.pressSequentially("four");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("notes.txt is saved.").waitFor();
    // the keyboard goes on where it was
    const edited = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    expect(await edited()).toBe("Edit notes.txt of all policies");
    expect(Buffer.from(await it.store.files.read(id, undefined, "notes.txt")).toString()).toBe(
      "\ufeffone\r\ntwo\nthree\r\nfour",
    );
    await page.getByRole("button", { name: "Edit settings.json of all policies" }).click();
    const json = page.getByLabel("settings.json", { exact: true });
    await json.fill("{ oh");
    await page.getByText(/^This is no JSON yet/).waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await json.fill('{ "years": 12 }\n');
    // somebody else was faster
    await it.store.files.put(id, undefined, "settings.json", "{}");
    await page.getByRole("button", { name: "Save" }).click();
    await page
      .getByRole("alert")
      .getByText(/changed or removed meanwhile/)
      .waitFor();
    expect(Buffer.from(await it.store.files.read(id, undefined, "settings.json")).toString()).toBe("{}");
    await page.getByRole("button", { name: "Delete table.bin of all policies" }).click();
    await page.getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("table.bin is deleted.").waitFor();
    // what was typed is not lost
    expect(await json.inputValue()).toBe('{ "years": 12 }\n');
    await page.getByRole("button", { name: "Drop mine and reload" }).click();
    await expect.poll(() => json.inputValue()).toBe("{}");
    await json.fill('{ "years": 13 }');
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("settings.json is saved.").waitFor();

    await page.getByLabel("New policy").fill("extra");
    await page.getByRole("button", { name: "Add policy" }).click();
    await page.getByRole("button", { name: "Remove policy extra" }).click();
    await page.getByText("Remove extra? It has no parameter files of its own.").waitFor();
    expect(await accessFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Remove for good" }).click();
    await page.getByText("extra is out.").waitFor();
    await page.getByRole("button", { name: "Edit options" }).click();
    const options = page.getByLabel("Options as JSON");
    await options.fill('{ "first_year": 2026 }');
    await it.store.runs.change(id, { options: { first_year: 2030 } });
    await page.getByRole("button", { name: "Save" }).click();
    await page
      .getByRole("alert")
      .getByText(/changed or removed meanwhile/)
      .waitFor();
    expect((await it.store.runs.get(id)).options).toEqual({ first_year: 2030 });
    expect(await options.inputValue()).toBe('{ "first_year": 2026 }');
    await page.getByRole("button", { name: "Drop mine and reload" }).click();
    await page.getByText('"first_year": 2030').waitFor();
    await page.getByRole("button", { name: "Edit options" }).click();
    await options.fill('{ "first_year": 2025 }');
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The options are saved.").waitFor();

    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByRole("status", { name: "State of the run" }).getByText("running").waitFor();
    expect(await page.getByRole("button", { name: /^Edit/ }).count()).toBe(0);
    const [baseline, high, low] = await it.store.tasks.list(id);
    const attempt = await it.store.tasks.begin(baseline?.id ?? "", { worker: "test" });
    const now = Date.now();
    const say = (line: string, stream: "stdout" | "stderr" = "stdout") =>
      it.store.tasks.log(attempt?.token as never, [{ timeMs: now, stream, line }]);
    await say("reading parameters.csv");
    await say("<img src=x onerror=alert(1)>", "stderr");
    await it.store.tasks.progress(attempt?.token as never, { fraction: 0.4, message: "year 4 of 10" });
    const log = page.getByRole("log");
    await log.getByText("<img src=x onerror=alert(1)>").waitFor();
    await page.getByRole("progressbar", { name: "Progress of baseline" }).waitFor();
    await page.getByText("year 4 of 10").waitFor();
    expect(await log.locator("img").count()).toBe(0);
    await it.store.tasks.end(attempt?.token as never, { state: "done", outputs: [] });
    await it.finish(
      high?.id ?? "",
      {
        "out/result.csv": "year,gdp,note\n2025,1.5,<b>x</b>\n2026,2.25,\n",
        "notes.html": "<script>alert(1)</script>",
        "plot.png": picture,
      },
      ["writing result.csv", "done"],
    );
    const failing = await it.store.tasks.begin(low?.id ?? "", { worker: "test" });
    await it.store.tasks.end(failing?.token as never, {
      state: "failed",
      error: "exit code 65: no data for 2025",
      mayRetry: false,
    });
    await page.getByRole("status", { name: "State of the run" }).getByText("failed").waitFor();
    await page.getByText("exit code 65: no data for 2025").waitFor();

    await page.getByRole("button", { name: "Preview out/result.csv of high" }).click();
    await page.getByRole("cell", { name: "<b>x</b>" }).waitFor();
    expect(await accessFindings(page)).toEqual([]);
    await page.evaluate(() => scrollTo(0, 0));
    await page.getByRole("button", { name: "Preview notes.html of high" }).click();
    await page.getByText("<script>alert(1)</script>").waitFor();
    await page.getByRole("button", { name: "Preview plot.png of high" }).click();
    const image = page.getByRole("img", { name: "plot.png" });
    await image.waitFor();
    await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(10);

    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download out/result.csv of high" }).click();
    expect(await readFile(await (await download).path(), "utf8")).toContain("2025,1.5");

    await page.getByLabel("Show the log of").selectOption("high");
    await expect.poll(() => log.getByText("reading parameters.csv").count()).toBe(0);
    await page.getByRole("button", { name: "Retry low" }).click();
    await page.getByRole("status", { name: "State of the run" }).getByText("running").waitFor();
    await page.getByRole("button", { name: "Cancel run" }).click();
    await page.getByRole("status", { name: "State of the run" }).getByText("cancelled").waitFor();
    expect((await it.store.runs.get(id)).state).toBe("cancelled");
  });

  test("is as good in the dark and on a phone", async () => {
    const runs = await it.store.runs.list({ search: "Budget" });
    const id = runs.items[0]?.id ?? "";
    const dark = await open("dark");
    await dark.getByRole("link", { name: /Budget 2025/ }).click();
    // it has ended twice: once failed, then cancelled
    await dark.getByRole("log").getByText("writing result.csv").waitFor();
    await dark.getByRole("button", { name: "Preview out/result.csv of high" }).click();
    await dark.getByRole("cell", { name: "2.25" }).waitFor();
    expect(await accessFindings(dark)).toEqual([]);
    await dark.evaluate(() => scrollTo(0, 0));
    const phone = await open("phone");
    await phone.getByRole("link", { name: /Budget 2025/ }).waitFor();
    expect(await accessFindings(phone)).toEqual([]);
    await phone.getByRole("link", { name: /Budget 2025/ }).click();
    await phone.getByRole("heading", { name: "Budget 2025" }).waitFor();
    expect(await phone.getByRole("heading", { name: "All runs" }).isVisible()).toBe(false);
    await phone.getByRole("button", { name: "Preview out/result.csv of high" }).click();
    await phone.getByRole("cell", { name: "2.25" }).waitFor();
    expect(await accessFindings(phone)).toEqual([]);
    await phone.evaluate(() => scrollTo(0, 0));
    await phone.getByRole("link", { name: "← All runs" }).click();
    await phone.getByRole("heading", { name: "All runs" }).waitFor();
    await it.store.runs.retry(id, ["low"]);
    await dark.getByRole("status", { name: "State of the run" }).getByText("running").waitFor();
  });

  test("is used with the keyboard alone", async () => {
    await it.store.runs.create({ model: "dynamics", name: "By keyboard", policies: ["p"] });
    const page = await open("light");
    await page.getByRole("link", { name: /By keyboard/ }).waitFor();
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    for (let count = 0; count < 12 && !(await focused()).startsWith("By keyboard"); count += 1)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "By keyboard" }).waitFor();
    await expect.poll(focused).toBe("By keyboard");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("status", { name: "State of the run" }).getByText("running").waitFor();
  });

  test("is left by signing out, and is entered by a token", async () => {
    const { token } = await it.store.tokens.create({ name: "looker", role: "read", models: ["dynamics"] });
    const page = await open("light", `${it.served.url}/`);
    await page.getByLabel("Token").fill("entrepot_wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page
      .getByRole("alert")
      .getByText(/none, was used/)
      .waitFor();
    expect(await accessFindings(page)).toEqual([]);
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: /By keyboard/ }).waitFor();
    expect(await page.getByRole("link", { name: /Budget/ }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "New run" }).count()).toBe(0);
    expect(await page.evaluate(() => document.cookie)).toBe("");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
  });

  test("asks nobody but its own server, and a used link lets nobody in", async () => {
    const used = it.served.newSignInUrl();
    await (await open("light", used)).getByRole("heading", { name: "All runs" }).waitFor();
    await (await open("light", used)).getByRole("heading", { name: "Sign in" }).waitFor();
    expect([...asked]).toEqual([it.served.url]);
    // refusals that the tests asked for
    expect(complaints.filter((each) => !/status of 4(01|12)/.test(each))).toEqual([]);
    expect(it.internal).toEqual([]);
  });
});
