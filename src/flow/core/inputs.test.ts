import { describe, expect, test } from "vitest";
import * as z from "zod";
import { dataflow, driver, openDriver } from "./index.ts";

const module = {
  size: ({ path }: { path: string }) => path.length,
  cost: ({ size, rate }: { size: number; rate: number }) => size * rate,
};
const flow = dataflow({ module });
const shape = { path: z.string().trim(), rate: z.coerce.number().min(0) };

describe.each([
  ["one schema of all", flow.inputs(z.object(shape))],
  ["a schema for each", flow.inputs(shape)],
])("inputs by %s", (_, checked) => {
  test("are what the schema makes of them", async () => {
    const run = openDriver(checked, {});
    expect(await run.execute(["cost"], { inputs: { path: " abc ", rate: "2" } })).toEqual({ cost: 6 });
  });

  test("that do not pass are told in one error", async () => {
    const run = openDriver(checked, { inputs: { path: 1 } });
    const error = await run.execute(["cost"], { inputs: { rate: -1 } }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "malformed" });
    expect(String(error)).toMatch(/the inputs do not pass their schema:\n {2}path: .*\n {2}rate: /);
  });

  test("that the outputs do not need may be left out, and the others are checked all the same", async () => {
    const run = openDriver(checked, {});
    expect(await run.execute(["size"], { inputs: { path: " abc " } })).toEqual({ size: 3 });
    await expect(run.execute(["size"], { inputs: { path: 1 } })).rejects.toMatchObject({ code: "malformed" });
    await expect(run.execute(["cost"], { inputs: { path: "x" } })).rejects.toThrow("needs the input 'rate'");
  });
});

test("a default of the schema stands for what is not given", async () => {
  const run = driver(flow.inputs({ path: z.string().default("four"), rate: z.number() }));
  expect(await openDriver(flow.inputs({ path: z.string().default("four") }), {}).execute(["size"])).toEqual({
    size: 4,
  });
  expect(await run.execute(["size"], { inputs: { path: "x" } })).toEqual({ size: 1 });
});
