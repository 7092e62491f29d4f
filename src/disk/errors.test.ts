import { expect, test } from "vitest";
import { EntrepotError } from "../error/index.ts";
import { diskError, errnoOf } from "./errors.ts";

test.each([
  ["ENOENT", "not-found"],
  ["EACCES", "forbidden"],
  ["EROFS", "read-only"],
  ["ENOSPC", "no-space"],
  ["EDQUOT", "no-space"],
  ["EFBIG", "limit-exceeded"],
  ["EMFILE", "busy"],
  ["ENFILE", "busy"],
  ["ENAMETOOLONG", "unrepresentable-name"],
  ["ELOOP", "unsafe-key"],
  ["EIO", "io"],
  ["ESTALE", "io"],
  ["ESOMETHINGNEW", "io"],
])("%s is %s, with the path in the message", (errno, code) => {
  const error = diskError(errnoError(errno), "write", "/data/x.csv");
  expect(error).toMatchObject({ code, message: expect.stringContaining("/data/x.csv") });
  expect(errnoOf(error)).toBe(errno);
});

test("EINVAL is a bad name where a name was given, and an I/O error elsewhere", () => {
  expect(diskError(errnoError("EINVAL"), "open", "/x")).toMatchObject({ code: "unrepresentable-name" });
  expect(diskError(errnoError("EINVAL"), "write", "/x", false)).toMatchObject({ code: "io" });
});

test("too many open files can be tried again, a full disk cannot", () => {
  expect(diskError(errnoError("EMFILE"), "open", "/x")).toMatchObject({ retryable: true });
  expect(diskError(errnoError("ENOSPC"), "write", "/x")).toMatchObject({ retryable: false });
});

test("what bears no errno, and what is typed already, passes as it is", () => {
  const bug = new Error("bug");
  const typed = new EntrepotError("changed", "typed");
  expect(diskError(bug, "write", "/x")).toBe(bug);
  expect(diskError(typed, "write", "/x")).toBe(typed);
});

function errnoError(code: string): Error {
  return Object.assign(new Error(code), { code, errno: -1 });
}
