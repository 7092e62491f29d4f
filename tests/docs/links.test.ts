/** Links inside the project lead to a file that is there, and to a heading that is in it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { root } from "./run-blocks.ts";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" }).map((name) => join("docs", name)),
].filter((name) => name.endsWith(".md"));

test("there are pages", () => expect(pages.length).toBeGreaterThan(15));

test.each(pages)("%s", (page) => {
  const broken = linksOf(page).filter(({ file, anchor }) => {
    if (!existsSync(join(root, file))) return true;
    return anchor !== "" && !anchorsOf(file).has(anchor);
  });
  expect(broken).toEqual([]);
});

test("a heading that comes twice is told apart", () =>
  expect([...anchorsIn("# A\n## Use it\n### use it()\n")]).toEqual(["a", "use-it", "use-it-1"]));

interface Link {
  /** From the root of the project. */
  readonly file: string;
  readonly anchor: string;
}

function linksOf(page: string): Link[] {
  const text = readFileSync(join(root, page), "utf8").replace(/^```[\s\S]*?^```/gm, "");
  return [...text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]*))?\)/g)]
    .filter(([, target = ""]) => !/^\w+:/.test(target))
    .map(([, target = "", anchor = ""]) => ({
      file: target === "" ? page : relative(root, join(root, dirname(page), target)),
      anchor,
    }));
}

function anchorsOf(file: string): Set<string> {
  return anchorsIn(readFileSync(join(root, file), "utf8").replace(/^```[\s\S]*?^```/gm, ""));
}

/** As GitHub makes them. */
function anchorsIn(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of text.matchAll(/^#+ (.*)$/gm)) {
    const plain = title.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}_\- ]/gu, "").replaceAll(" ", "-");
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}
