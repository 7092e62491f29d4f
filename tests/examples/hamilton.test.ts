/** Hamilton's own examples, rewritten: they give what Hamilton 1.90.0 gave on 23 November 2026, recorded here. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataflow, driver } from "entrepot/flow";
import { expect, test } from "vitest";
import * as dataLoaders from "../../examples/flow/hamilton-data-loaders.ts";
import * as helloWorld from "../../examples/flow/hamilton-hello-world.ts";
import * as parallel from "../../examples/flow/hamilton-parallel.ts";

/** To the last digit but one: pandas sums in another order. */
const like = (values: readonly (number | null)[]) =>
  values.map((value) => (value === null ? null : expect.closeTo(value, 12)));

test("hello_world: marketing spend and signups", async () => {
  const flow = dataflow({ helloWorld }).inputs<{ spend: number[]; signups: number[] }>();
  const inputs = { spend: [10, 10, 20, 40, 40, 50], signups: [1, 10, 50, 100, 200, 400] };
  const outputs = [
    ...(["avg3wkSpend", "spendPerSignup", "spendMean", "spendZeroMean", "spendStdDev"] as const),
    "spendZeroMeanUnitVariance",
  ] as const;
  expect(await driver(flow).execute(outputs, { inputs })).toEqual({
    avg3wkSpend: like([null, null, 13.333333333333334, 23.333333333333332, 33.333333333333336, 43.333333333333336]),
    spendPerSignup: like([10.0, 1.0, 0.4, 0.4, 0.2, 0.125]),
    spendMean: expect.closeTo(28.333333333333332, 12),
    spendZeroMean: like([
      -18.333333333333332, -18.333333333333332, -8.333333333333332, 11.666666666666668, 11.666666666666668,
      21.666666666666668,
    ]),
    spendStdDev: expect.closeTo(17.224014243685083, 12),
    spendZeroMeanUnitVariance: like([
      -1.0644053746097524, -1.0644053746097524, -0.4838206248226147, 0.6773488747516607, 0.6773488747516607,
      1.2579336245387984,
    ]),
  });
});

test("data_loaders: the configuration says which loader, and which variant", async () => {
  const flow = dataflow({ dataLoaders }).inputs<{ folder: string }>();
  const folder = await mkdtemp(join(tmpdir(), "hamilton-loaders-"));
  await writeFile(join(folder, "marketing.csv"), "spend,signups\n40,100\n40,200\n50,400\n");
  const csv = driver(flow, { config: { loader: "csv", region: "eu" } });
  expect((await csv.execute(["acquisitionCost"], { inputs: { folder } })).acquisitionCost).toEqual(
    like([0.48, 0.24, 0.15]),
  );
  const mock = driver(flow, { config: { loader: "mock", region: "us" } });
  const { acquisitionCost } = await mock.execute(["acquisitionCost"], { inputs: { folder: "none" } });
  expect(acquisitionCost).toEqual(like([10, 1, 0.4]));
  await rm(folder, { recursive: true });
});

test("parallelism: items at the same time, collected in their order; one function as several nodes", async () => {
  const flow = dataflow({ parallel }).inputs<{ documents: string[] }>();
  const texts = ["to be or not to be", "that is the question", "", "whether tis nobler in the mind to suffer"];
  expect(
    await driver(flow).execute(["words", "total", "someWords", "longWords"], { inputs: { documents: texts } }),
  ).toEqual({
    words: [
      ["to", "be", "or", "not", "to", "be"],
      ["that", "is", "the", "question"],
      [],
      ["whether", "tis", "nobler", "in", "the", "mind", "to", "suffer"],
    ],
    total: 18,
    someWords: 10,
    longWords: 2,
  });
});
