/** What somebody meets who uses the page of runs for the first time. */
import { existsSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { accessFindings, chromiumPath, openBrowser } from "./browser.ts";
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

  test("where there are no runs yet, the way to the first one is told", async () => {
    const page = await open();
    await page.getByText("There are no runs yet. New run makes the first one.").waitFor();
    await page.getByLabel("Search").fill("x");
    await page.getByText("There is no such run.").waitFor();
    await page.close();
  });

  test("outputs are looked at side by side, JSON on lines of its own", async () => {
    const run = await it.store.runs.create({ model: "growth", name: "Outputs", policies: ["p"] });
    const outputs = {
      "a.json": '{"id":12345678901234567890,"years":[2025]}',
      "b.csv": "x,y\n1,one\n",
      "inputs.lock.json": "{}",
      "z.txt": "z",
    };
    for (const task of await it.store.runs.start(run.id)) await it.finish(task.id, outputs);
    const page = await open();
    await page.getByRole("link", { name: /Outputs/ }).click();
    const previews = page.getByRole("button", { name: /^Preview/ });
    await previews.first().waitFor();
    expect(await previews.evaluateAll((each) => each.map((button) => button.getAttribute("aria-label")))).toEqual(
      ["a.json", "b.csv", "z.txt", "inputs.lock.json"].map((name) => `Preview ${name} of p`),
    );
    await page.getByRole("button", { name: "Preview a.json of p" }).click();
    await page.getByRole("button", { name: "Preview b.csv of p" }).click();
    await page.getByRole("cell", { name: "one" }).waitFor();
    await page.getByText('{ "id": 12345678901234567890, "years": [ 2025 ] }').waitFor();
    expect(await page.locator("pre", { hasText: "years" }).textContent()).toBe(
      '{\n  "id": 12345678901234567890,\n  "years": [\n    2025\n  ]\n}',
    );
    await page.close();
  });

  test("without the package that reads tables, CSV is a table of texts that says so", async () => {
    const page = await open();
    // a server without the package answers like this
    let answer: unknown = { kind: "text", text: 'x,y\n1,"one, two"\n2,th', isWhole: false, needs: "nodejs-polars" };
    await page.route("**/preview?*", (route) => route.fulfill({ json: answer }));
    await page.getByRole("link", { name: /Outputs/ }).click();
    await page.getByRole("button", { name: "Preview b.csv of p" }).click();
    await page.getByRole("cell", { name: "one, two" }).waitFor();
    await page.getByText("Shown as text: tables need the package nodejs-polars where the server runs.").waitFor();
    await page.getByText("The first 1 row, 2 columns").waitFor();
    answer = { kind: "none", reason: "it is no text, table or picture", needs: "nodejs-polars" };
    await page.getByRole("button", { name: "Preview b.csv of p" }).click();
    await page.getByRole("button", { name: "Preview b.csv of p" }).click();
    await page.getByText("There is no preview: tables need the package nodejs-polars").waitFor();
    await page.close();
  });

  test("what is lost for good, or replaced, is asked for once more", async () => {
    const run = await it.store.runs.create({ model: "growth", name: "Asked", policies: ["low", "high"] });
    await it.store.files.put(run.id, "high", "a.csv", "x\n");
    const page = await open();
    await page.getByRole("link", { name: /Asked/ }).click();
    await page.getByRole("button", { name: "Remove policy high" }).click();
    await page.getByText("Remove high? Its own parameter file is lost: a.csv.").waitFor();
    // whoever presses Enter once more keeps it
    await page.keyboard.press("Enter");
    // and goes on from where it was asked
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Remove policy high");
    expect((await it.store.runs.get(run.id)).policies).toEqual(["low", "high"]);
    for (const task of await it.store.runs.start(run.id)) await it.finish(task.id, {});
    await page.getByRole("status", { name: "State of the run" }).getByText("done").waitFor();
    await page.getByRole("button", { name: "Retry low" }).click();
    await page.getByText("Run low again? Its outputs are replaced only when the new attempt is done.").waitFor();
    expect((await it.store.runs.get(run.id)).state).toBe("done");
    await page.getByRole("button", { name: "Leave it" }).click();
    await page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "Retry low");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Run again" }).click();
    await page.getByRole("status", { name: "State of the run" }).getByText("running").waitFor();
    await page.close();
  });

  test("options that are none are told at their field", async () => {
    const page = await open();
    await page.getByRole("button", { name: "New run" }).click();
    const form = page.getByRole("form", { name: "New run" });
    await form.getByLabel(/^Options/).fill('{ "a": oh }');
    await form.getByText(/^Options: not JSON: .*line 1,? column 8/).waitFor();
    expect(await form.getByRole("button", { name: "Create" }).isDisabled()).toBe(true);
    await form.getByLabel(/^Options/).fill("[1]");
    await form.getByText("Options are an object, {…}, not a list").waitFor();
    expect(await accessFindings(page)).toEqual([]);
    await page.close();
  });

  test("of several files that are uploaded, one that is refused keeps none of the others out", async () => {
    const run = await it.store.runs.create({ model: "growth", name: "Uploads", policies: ["p"] });
    const page = await open();
    await page.getByRole("link", { name: /Uploads/ }).click();
    const file = (name: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from("x\n") });
    await page.getByLabel("Upload files").setInputFiles([file("a.csv"), file("CON.csv"), file("b.csv")]);
    await page.getByRole("alert").getByText("1 of 3 files could not be uploaded").waitFor();
    const failed = page.getByRole("list", { name: "Files that could not be uploaded" });
    await failed.getByText(/CON\.csv.*Windows keeps for itself/).waitFor();
    expect((await it.store.files.list(run.id)).map(({ name }) => name)).toEqual(["a.csv", "b.csv"]);
    expect(await accessFindings(page)).toEqual([]);
    await page.getByLabel("Upload files").setInputFiles([file("c.csv")]);
    await page.getByRole("button", { name: "Edit c.csv of all policies" }).waitFor();
    expect(await failed.count()).toBe(0);
    await page.close();
  });

  test("a new run takes a version, retries and a time-out, and shows them", async () => {
    await it.store.models.deploy("growth", { version: "old", program: { command: ["node", "main.js"] } });
    await it.store.models.deploy("growth", { version: "new", program: { command: ["node", "main.js"] } });
    const page = await open();
    await page.getByRole("button", { name: "New run" }).click();
    const form = page.getByRole("form", { name: "New run" });
    await form.getByLabel("Name").fill("Limits");
    await form.getByLabel("Version").selectOption("old");
    await form.getByLabel("Retries").fill("0");
    await form.getByLabel(/^Time-out/).fill("90");
    await form.getByRole("button", { name: "Create" }).click();
    await page.getByRole("heading", { name: "Limits" }).waitFor();
    await page.getByText("growth, version old").waitFor();
    await page.getByText("1 h 30 min for each attempt").waitFor();
    const { items } = await it.store.runs.list({ search: "Limits" });
    expect(await it.store.runs.get(items[0]?.id ?? "")).toMatchObject({
      version: "old",
      retries: 0,
      timeoutSeconds: 5_400,
      baselineFirst: false,
    });
    expect(await accessFindings(page)).toEqual([]);
    await page.close();
  });

  test("a run that is over has no lines and outputs to wait for, and a notice goes when another run is opened", async () => {
    const run = await it.store.runs.create({ model: "growth", name: "Silent", policies: ["p"] });
    const page = await open();
    await page.getByRole("link", { name: /Silent/ }).click();
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText("1 task waits for a worker: entrepot runs worker").waitFor();
    await page.getByText("Nothing yet.").waitFor();
    await page.getByText("None yet: they are here when a policy is done.").waitFor();
    await page.getByRole("button", { name: "Cancel run" }).click();
    await page.getByRole("status").getByText("Cancelled.").waitFor();
    await page.getByText("There are no lines.").waitFor();
    await page.getByText("There are none.").waitFor();
    expect(await page.getByText(/for a worker/).count()).toBe(0);
    await page.getByRole("link", { name: /Limits/ }).click();
    await page.getByRole("heading", { name: "Limits" }).waitFor();
    expect(await page.getByText("Cancelled.").count()).toBe(0);
    expect((await it.store.runs.get(run.id)).state).toBe("cancelled");
    await page.close();
  });
});
