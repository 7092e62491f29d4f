/** An option that would be ignored is a mistake that is told, before anything is asked for. */
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { runCommandLine } from "./run.ts";

test.each([
  [["cp", "--max-bytes", "1", "-", "s3://b/k"], "--max-bytes"],
  [["cp", "--max-requests", "1", "-", "s3://b/k"], "--max-requests"],
  [["cp", "--include", "*.csv", "-", "s3://b/k"], "--include"],
  [["cp", "--newer-than", "1d", "-", "s3://b/k"], "--newer-than"],
  [["cp", "--match", "x", "s3://b/k", "-"], "--match"],
  [["cp", "--no-clobber", "s3://b/k", "-"], "--no-clobber"],
  [["cp", "--durable", "s3://b/k", "-"], "--durable"],
  [["cp", "--only-new", "--markers", "s3://b/in/", "./in/"], "--markers"],
  [["jobs", "uploads", "--dry-run", "s3://b/"], "--dry-run"],
])("%j is refused: it names the option that does nothing", async (args, option) => {
  const stderr = new PassThrough();
  const stdout = new PassThrough();
  const host = {
    stdin: new PassThrough(),
    stdout,
    stderr,
    env: { ENTREPOT_NETWORK: "offline" },
    workingFolder: "/",
    signal: new AbortController().signal,
  };
  const code = await runCommandLine(args, host as never);
  stderr.end();
  expect(await text(stderr)).toContain(option);
  expect(code).toBe(2);
});
