import { expect, test } from "vitest";
import { choose, dataflow, each, node, openDriver, tag } from "../index.ts";

const loaders = {
  rows: choose("source", { local: ({ path }: { path: string }) => path.length, prod: () => 0 }),
  unit: "EUR",
};
const costs = {
  mean: tag(({ rows }: { rows: number }) => rows / 2, { team: "growth" }),
  all: each("items", (item: number, { mean }: { mean: number }) => item * mean),
  report: ({ mean, unit, digits = 2 }: { mean: number; unit: string; digits?: number }) =>
    `${mean.toFixed(digits)} ${unit}`,
  unreadable: Math.max,
};
const run = openDriver(dataflow({ loaders, costs }), { config: { source: "local" } });

test("upstream, downstream and the ways between come in an order in which they could run", async () => {
  expect(await run.upstream("report")).toEqual(["unit", "path", "digits", "rows", "mean"]);
  expect(await run.downstream("path")).toEqual(["rows", "mean", "all", "report"]);
  expect(await run.path("path", "report")).toEqual(["path", "rows", "mean", "report"]);
  expect(await run.path("unit", "all")).toEqual([]);
  await expect(run.upstream("reprot")).rejects.toThrow("did you mean 'report'?");
});

test("the whole flow is a picture: inputs, variants, tags, and what cannot be read says so", async () => {
  const { nodes, edges } = await run.picture();
  expect(nodes.find(({ name }) => name === "rows")).toEqual({
    ...{ name: "rows", group: "loaders", kind: "choice", variant: "local", variants: ["local", "prod"] },
  });
  expect(nodes.find(({ name }) => name === "path")).toEqual({ name: "path", kind: "input" });
  expect(nodes.find(({ name }) => name === "mean")?.notes).toEqual(["team: growth"]);
  expect(nodes.find(({ name }) => name === "all")?.kind).toBe("each");
  expect(nodes.find(({ name }) => name === "unreadable")?.notes?.[0]).toContain("'max' has no text to read");
  expect(edges).toContainEqual({ from: "digits", to: "report", optional: true });
});

test("what cannot be read fails for whoever asks for it, and says how to say it by hand", async () => {
  await expect(run.execute(["unreadable"])).rejects.toThrow(
    `'max' has no text to read, being bound, native or a mock: say what it asks for: node(["a", "b"], fn)`,
  );
  const whole = { a: 1, b: (deps: { a: number }) => Object.keys(deps), c: node(["a"], Math.max as () => number) };
  const other = openDriver(dataflow({ whole }), {});
  await expect(other.execute(["b"])).rejects.toThrow("'b' passes 'deps' on as a whole: destructure it");
  expect(await other.execute(["c"])).toEqual({ c: Number.NaN });
});
