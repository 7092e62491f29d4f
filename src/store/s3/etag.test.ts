import { expect, test } from "vitest";
import { quotedEtag } from "./etag.ts";

test.each([
  ["59da8bd04473ac6711d74cd91dbe903d", '"59da8bd04473ac6711d74cd91dbe903d"'],
  ['"59da8bd0-3"', '"59da8bd0-3"'],
  ['W/"weak"', 'W/"weak"'],
  ["", ""],
])("an ETag that XML gives as %s is %s", (text, etag) => {
  expect(quotedEtag(text)).toBe(etag);
});
