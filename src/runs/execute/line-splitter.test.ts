import { expect, test } from "vitest";
import { LineSplitter } from "./line-splitter.ts";

test.each([
  [["a\nb\n"], ["a", "b"]],
  [
    ["a", "b\nc"],
    ["ab", "c"],
  ],
  [
    ["a\r\n\n", "b\r"],
    ["a", "", "b"],
  ],
  [[""], []],
  [["é".slice(0, 1)], ["é"]],
])("%j is these lines, wherever the pieces end", (pieces, lines) => {
  const splitter = new LineSplitter(100);
  const got = pieces.flatMap((piece) => splitter.push(new TextEncoder().encode(piece)));
  expect([...got, ...splitter.end()]).toEqual(lines);
});

test("a character that two pieces share is one", () => {
  const splitter = new LineSplitter(100);
  const bytes = new TextEncoder().encode("é\n");
  expect([...splitter.push(bytes.subarray(0, 1)), ...splitter.push(bytes.subarray(1))]).toEqual(["é"]);
});

test("of a line without an end only what is kept takes memory", () => {
  const splitter = new LineSplitter(10);
  const piece = new TextEncoder().encode("x".repeat(1_000_000));
  for (let at = 0; at < 20; at += 1) expect(splitter.push(piece)).toEqual([]);
  expect(splitter.push(new TextEncoder().encode("\nnext\n"))).toEqual(["x".repeat(11), "next"]);
});
