/** The guide is run: each `ts` block as it stands, in order, against our server over a socket; outputs are compared. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksOf, type Desk, openDesk } from "./run-blocks.ts";

const blocks = await blocksOf("docs/guide.md");

describe("the guide", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk();
  });
  afterAll(() => desk[Symbol.asyncDispose]());

  test("has an example for each task", () => expect(blocks.length).toBeGreaterThan(10));

  test.each(blocks)("example $index prints what it says", async (block) => {
    expect(await desk.run(block)).toEqual({ stdout: block.output, stderr: "" });
  });
});
