import { expect, test } from "vitest";
import { EntrepotError } from "../error/index.ts";
import { engineError, loadPolars, missingPeer } from "./engine.ts";

test("without polars the hint is the command that installs it, on Node 20 with the binary that npm leaves out there", () => {
  const absent = new Error("Cannot find package 'nodejs-polars' imported from /app/x.js");
  expect(missingPeer(absent, 22, "linux-x64-gnu")).toMatchObject({
    code: "missing-peer",
    message: expect.stringContaining("nodejs-polars, which is not installed"),
    hint: "npm install nodejs-polars@0.26.1",
  });
  expect(missingPeer(absent, 20, "darwin-arm64").hint).toBe(
    "npm install nodejs-polars@0.26.1 nodejs-polars-darwin-arm64@0.26.1",
  );
});

test("without its binary the hint names that", async () => {
  const load = () => Promise.reject(new Error("Cannot find module 'nodejs-polars-linux-arm64-musl'"));
  await expect(loadPolars(load)).rejects.toMatchObject({
    code: "missing-peer",
    hint: expect.stringMatching(/^npm install nodejs-polars-linux-arm64-musl@0\.26\.1/),
  });
});

test.each([
  ["MAP is not supported", "unsupported"],
  ["out-of-spec: whatever", "malformed"],
  ['not found: unable to find column "x"; valid columns: ["a", "b"]', "malformed"],
])("what polars says becomes a typed error with a way out: %s", (said, code) => {
  expect(engineError(new Error(said), "s3://b/a.parquet", "reading")).toMatchObject({
    name: "EntrepotError",
    code,
    hint: expect.any(String),
    message: expect.stringContaining("s3://b/a.parquet"),
  });
});

test("a caller's mistakes and our own errors stay what they are", () => {
  for (const error of [new TypeError("t"), new RangeError("r"), new EntrepotError("changed", "c"), "text"])
    expect(engineError(error, undefined, "reading")).toBe(error);
});
