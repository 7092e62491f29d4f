import { expect, test } from "vitest";
import type { ListPage, ObjectInfo } from "../../object-store.ts";
import { PackedPage, type Spares } from "./packed-page.ts";

function page(count: number, keyOf: (n: number) => string): ListPage {
  const objects = Array.from(
    { length: count },
    (_, n): ObjectInfo => ({
      key: keyOf(n),
      sizeBytes: n * 2 ** 33,
      modifiedMs: 1_700_000_000_000 + n,
      etag: n % 7 === 0 ? "" : `"${n}"`,
      versionId: undefined,
      storageClass: [undefined, "STANDARD", "GLACIER", "a name that is longer than thirteen characters"][n % 4],
    }),
  );
  return { objects, folders: ["a/", "ü/"] };
}

test.each([
  ["of no object", page(0, String)],
  ["of one", page(1, String)],
  ["of a thousand", page(1000, (n) => `key-${n}`)],
  ["of long names in several alphabets", page(700, (n) => `${"ключ/😀/".repeat(80)}${n}`)],
])("a page %s comes out as it went in", (_name, given) => {
  expect(new PackedPage(given, []).open()).toEqual(given);
});

test("memory goes from page to page, also from one that is never opened", () => {
  const spares: Spares = [];
  new PackedPage(page(1000, String), spares).open();
  const [memory] = spares;
  const next = new PackedPage(
    page(500, (n) => `k${n}`),
    spares,
  );
  expect(spares).toEqual([]);
  next.drop();
  expect(spares).toEqual([memory]);
});
