/** The README is run: each `ts` block as it stands, in order, against our server over a socket; outputs are compared. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksOf, type Desk, openDesk, root } from "../docs/run-blocks.ts";

const blocks = await blocksOf("README.md");

describe("the README", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  test("tells the variables that the examples run with, and no others", async () => {
    const text = await readFile(join(root, "README.md"), "utf8");
    const told = [...text.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name = "", value = ""]) => [name, value]);
    const port = desk.variables["AWS_ENDPOINT_URL_S3"]?.replace(/\d+$/, "9000");
    expect(Object.fromEntries(told)).toEqual({ ...desk.variables, AWS_ENDPOINT_URL_S3: port });
  });

  test("has examples", () => expect(blocks.length).toBeGreaterThan(4));

  test.each(blocks)("example $index prints what it says, and again", async (block) => {
    expect(await desk.run(block)).toEqual({ stdout: block.output, stderr: "" });
    expect(await desk.run(block)).toEqual({ stdout: block.output, stderr: "" });
  });
});
