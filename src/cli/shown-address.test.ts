import { expect, it } from "vitest";
import { addressesAsNamed, showAddressesIn } from "./shown-address.ts";

it.each([
  [["in/"], "file:///w/in/a%20b.csv", "in/a b.csv"],
  [["./in"], "file:///w/in/%C3%BC", "./in/ü"],
  [["."], "file:///w/in/", "./in/"],
  [["."], "file:///w/", "./"],
  [[".."], "file:///x", "../x"],
  [["../other"], "file:///other/x", "../other/x"],
  [["a.txt"], "file:///w/a.txt", "a.txt"],
  [["/w/in", "s3://b/"], "file:///w/in/x", "/w/in/x"],
  [["/w/in", "out"], "file:///w/in/x", "/w/in/x"],
  [["in", "in/deep/"], "file:///w/in/deep/x", "in/deep/x"],
  [["file:///w/in/"], "file:///w/in/x", "/w/in/x"],
  [["d/**/*.csv"], "file:///w/d/e/x.csv", "d/e/x.csv"],
  [["*.csv"], "file:///w/x.csv", "x.csv"],
  [["/*"], "file:///etc", "/etc"],
  [["list", "s3://b/"], "file:///w/of-the-list", "of-the-list"],
  [["list"], "file:///other/elsewhere", "/other/elsewhere"],
  [["s3://b/"], "file:///w/x", "/w/x"],
  [[""], "file:///w/-rf", "./-rf"],
  [[""], "file:///w/http:/x", "http:/x"],
  [["in"], "file:///w/in%2Fa", "file:///w/in%2Fa"],
  [["in"], "s3://b/a%20b", "s3://b/a%20b"],
  [[], "file:///w/x", "/w/x"],
])("named by %j, %s is shown as %s", (operands, uri, shown) => {
  expect(addressesAsNamed(operands, "/w")(uri)).toBe(shown);
});

it("in a text each address of a file is shown so, and made safe; nothing else is touched", () => {
  const show = addressesAsNamed(["in"], "/w");
  expect(showAddressesIn('error: file:///w/in/a%20b: no\n  file:///w/in/c, "file:///w/in/%1Bd" file:///x.', show)).toBe(
    'error: in/a b: no\n  in/c, "in/\\x1bd" /x.',
  );
  expect(showAddressesIn("s3://b/file:///w/in/x", show)).toBe("s3://b/file:///w/in/x");
});
