import { expect, test } from "vitest";
import { encodeKey, encodeQuery, encodeValue } from "./encode.ts";

test.each([
  ["a/b.c_d~e-f", "a/b.c_d~e-f"],
  ["a//b/../c/./", "a//b/../c/./"],
  ["/lead", "/lead"],
  ["a b+c%20", "a%20b%2Bc%2520"],
  ["q'()*!", "q%27%28%29%2A%21"],
  ["?#[]@&=:;,$", "%3F%23%5B%5D%40%26%3D%3A%3B%2C%24"],
  ["ü/日本/😀", "%C3%BC/%E6%97%A5%E6%9C%AC/%F0%9F%98%80"],
  ["\u0001\n\\", "%01%0A%5C"],
])("the key %j goes out as %s", (key, encoded) => {
  expect(encodeKey(key)).toBe(encoded);
  expect(decodeURIComponent(encoded)).toBe(key);
});

test("in a query the slash is encoded, too, and names are sorted as they are encoded", () => {
  expect(encodeValue("a/b")).toBe("a%2Fb");
  expect(encodeQuery({ "a-b": "1", a: "/", ä: "2", B: "3", none: undefined })).toBe("%C3%A4=2&B=3&a=%2F&a-b=1");
});

test("half a surrogate pair is an invalid address", () => {
  expect(() => encodeKey("a\ud800")).toThrow(expect.objectContaining({ code: "invalid-address" }));
});
