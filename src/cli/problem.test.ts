import { describe, expect, it } from "vitest";
import { EntrepotError } from "../error/index.ts";
import { ReaderGone } from "./output.ts";
import { exitCodeFor, Interrupted, problemMessage } from "./problem.ts";
import { UsageError } from "./usage-error.ts";

const text = (error: unknown, debug = false) => problemMessage(error, { debug })?.text();
const json = (error: unknown) => problemMessage(error)?.json();

describe("an error, for people", () => {
  it("is a line and a way out", () => {
    const error = new EntrepotError("not-found", "there is no object s3://b/k", { uri: "s3://b/k", hint: "list it" });
    expect(text(error)).toBe("error: there is no object s3://b/k\nhint: list it");
  });

  it("names the address that its message does not, and a way out where the error has none", () => {
    const said = text(new EntrepotError("forbidden", "access denied", { uri: "s3://b/k" }));
    expect(said).toMatch(/^error: s3:\/\/b\/k: access denied\nhint: .*--profile/);
  });

  it("names every object that failed, with its cause", () => {
    const failures = [
      new EntrepotError("forbidden", "access denied", { uri: "s3://b/1" }),
      new EntrepotError("timeout", "silent for 30 s", { uri: "s3://b/2", hint: "try again" }),
    ];
    expect(text(new EntrepotError("forbidden", "2 of 5 objects failed", { failures }))).toBe(
      "error: 2 of 5 objects failed\n  s3://b/1: access denied (forbidden)\n  s3://b/2: silent for 30 s (timeout)\nhint: try again",
    );
  });

  it("says a single failure once, with its address", () => {
    const failure = new EntrepotError("forbidden", "access denied", { uri: "s3://b/1", hint: "ask" });
    const error = new EntrepotError("forbidden", "access denied", { failures: [failure] });
    expect(text(error)).toBe("error: s3://b/1: access denied\nhint: ask");
  });

  it("of a missing name with wildcards says how to ask for a pattern, of a missing bucket where to look", () => {
    const missing = (uri: string, message: string, serverCode?: string) =>
      text(new EntrepotError("not-found", message, { uri, hint: "h", serverCode }));
    expect(missing("s3://b/*.csv", "no object")).toContain("--glob");
    expect(missing("file:///a%5B1%5D", "no object")).toContain("--glob");
    expect(missing("https://h/x?y", "no object")).toContain("hint: h");
    expect(missing("s3://b/x?versionId=1", "no object")).toContain("hint: h");
    expect(missing("s3://b/*.csv", "404", "NoSuchBucket")).toContain("ls s3://");
    expect(missing("s3://b/NoSuchBucket", "no NoSuchBucket")).toContain("hint: h");
  });

  it("moves no cursor and turns no text, whatever the server said", () => {
    expect(text(new UsageError("said \u001b[2J", "\u0007"))).toBe("error: said \\x1b[2J\nhint: \\x07");
    const ours = new EntrepotError("protocol", "said \u001b[2J", { uri: "s3://b/\u202ek", hint: "\u009b" });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(text(ours)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it("shows a stack only when asked", () => {
    const error = new EntrepotError("io", "broken", { cause: new Error("EIO") });
    expect(text(error)).not.toMatch(/^ +at /m);
    expect(text(error, true)).toContain("caused by Error: EIO");
  });

  it("holds no secret, not even one of an error that is not ours", () => {
    const error = new Error("GET https://h/?X-Amz-Signature=canary0004 failed: secret_access_key=canary");
    for (const shown of [text(error, true), JSON.stringify(json(error))]) expect(shown).not.toContain("canary");
  });

  it("says of an error that nobody expected how to report it", () => {
    expect(text(new Error("boom"))).toMatch(/^error: boom\nhint: .*--debug/);
  });

  it("says nothing when the reader has left", () => {
    expect(problemMessage(new ReaderGone("gone"))).toBeUndefined();
  });
});

it("an error for machines is one object with the code it ends with", () => {
  const error = new EntrepotError("not-found", "no", { uri: "s3://b/k", hint: "h" });
  expect(json(error)).toEqual({
    type: "error",
    exitCode: 3,
    name: "EntrepotError",
    code: "not-found",
    message: "no",
    uri: "s3://b/k",
    hint: "h",
    retryable: false,
  });
  expect(json(new UsageError("what?", "this"))).toMatchObject({ code: "usage", exitCode: 2, hint: "this" });
});

it.each([
  [new UsageError("x"), 2],
  [new TypeError("s3:/x"), 2],
  [new RangeError("not a size"), 2],
  [new Error("boom"), 1],
  [new Interrupted(), 130],
  [new ReaderGone(), 0],
  [new EntrepotError("timeout", "x"), 5],
  [failed("not-found", "not-found"), 3],
  [failed("not-found", "forbidden"), 1],
])("%s ends with %i", (error, code) => {
  expect(exitCodeFor(error)).toBe(code);
});

function failed(...codes: ("not-found" | "forbidden")[]): EntrepotError {
  return new EntrepotError(codes[0] ?? "io", "some failed", {
    failures: codes.map((code) => new EntrepotError(code, "x")),
  });
}
