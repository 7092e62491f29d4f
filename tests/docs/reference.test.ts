/** The reference describes what the doors export, all of it and once: the generator refuses an outline that does not. */
import { expect, test } from "vitest";
import { itemsOf, outline, outlineFindings } from "../../house/reference-outline.mjs";

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
