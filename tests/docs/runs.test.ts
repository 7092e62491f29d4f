/** The page on runs is run: each `ts` block as it stands, against our server over a socket; outputs are compared. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf, type Desk, openDesk } from "./run-blocks.ts";

const blocks = await blocksOf("docs/runs.md");
let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk[Symbol.asyncDispose]());

test("there are examples", () => expect(blocks.length).toBeGreaterThan(1));

test.each(blocks)("example $index prints what it says", { timeout: 120_000 }, async (block) => {
  expect(await desk.run(block)).toEqual({ stdout: block.output, stderr: "" });
});
