import { expect, it } from "vitest";
import { closest } from "./closest.ts";

const names = ["ls", "cat", "head", "stat", "cp", "recursive", "requester-pays"];

it.each([
  ["recursve", "recursive"],
  ["recrusive", "recursive"],
  ["sl", "ls"],
  ["hed", "head"],
  ["requester", "requester-pays"],
  ["RECURSIVE", "recursive"],
  ["statusCode", "stat"],
])("%s is meant to be %s", (given, meant) => {
  expect(closest(given, names)).toBe(meant);
});

it.each(["", "x", "frobnicate"])("nothing is near %j", (given) => {
  expect(closest(given, names)).toBeUndefined();
});
