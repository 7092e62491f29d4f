/** The reference describes what the doors export, all of it and once: the generator refuses an outline that does not. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { itemsOf, outline, outlineFindings } from "../../house/reference-outline.mjs";
import { root } from "./run-blocks.ts";

const items = (outline["entrepot/testing"] ?? []).flatMap(itemsOf).map(({ name }) => name);

test("an outline that has everything once is accepted", () =>
  expect(outlineFindings("entrepot/testing", new Set(items), new Set())).toEqual([]));

test("a name without a place, a name that is gone, and a verb without a place are refused", () => {
  const exported = new Set([...items.filter((name) => name !== "Fault"), "somethingNew"]);
  expect(outlineFindings("entrepot/testing", exported, new Set(["readSomething"]))).toEqual([
    "entrepot/testing: no section has readSomething",
    "entrepot/testing: no section has somethingNew",
    "entrepot/testing: Fault is gone",
  ]);
});

test.each(["entrepot", "entrepot-store", "entrepot-testing"])(
  "every link inside %s.md leads somewhere",
  async (name) => {
    const page = await readFile(join(root, `docs/reference/${name}.md`), "utf8");
    const anchors = new Set<string>();
    for (const [, title = ""] of page.matchAll(/^#+ (.*)$/gm)) {
      const slug = title
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-");
      let anchor = slug;
      for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
      anchors.add(anchor);
    }
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, anchor = ""]) => anchor);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !anchors.has(link))).toEqual([]);
  },
);
