/** Documentation is tests: each promise of docs/semantics.md names one that exists. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = new URL("../../", import.meta.url).pathname;
const page = await readFile(join(root, "docs/semantics.md"), "utf8");
const proofs = [...page.matchAll(/`([^`\s]+\.test\.ts) › ([^`]+)`/g)].map(([, file = "", name = ""]) => ({
  file,
  name,
}));

test("the page names its proofs", () => expect(proofs.length).toBeGreaterThan(20));

test("every promise has one", () => {
  const promises = page.slice(0, page.indexOf("## What is not promised")).split(/^- /m).slice(1);
  const unproven = promises.filter((promise) => promise.match(/`[^`\s]+\.test\.ts › [^`]+`/g)?.length !== 1);
  expect(unproven).toEqual([]);
});

test.each(proofs)("$file › $name", async ({ file, name }) => {
  expect(await readFile(join(root, file), "utf8")).toContain(`"${name}"`);
});
