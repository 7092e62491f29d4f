/** The README is run: each `ts` block as it stands, in order, against our server over a socket; outputs are compared. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksOf, type Desk, openDesk } from "../docs/run-blocks.ts";

const blocks = await blocksOf("README.md");

describe("the README", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  test("has examples", () => expect(blocks.length).toBeGreaterThan(4));

  test.each(blocks)("example $index prints what it says, and again", async (block) => {
    expect(await desk.run(block)).toEqual({ stdout: block.output, stderr: "" });
    expect(await desk.run(block)).toEqual({ stdout: block.output, stderr: "" });
  });
});
