/** `entrepot pickle show`: a pickle's values, whatever classes it holds. Nothing of it is run. */
import type { Depot } from "../../../depot/index.ts";
import { EntrepotError } from "../../../error/index.ts";
import { loadPickle } from "../../../format/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { decompressionOf, decompressionOptions } from "../../decompression-options.ts";
import { printable } from "../../escape.ts";
import { forEachObject } from "../../object-operands.ts";
import { count } from "../../option.ts";
import { pickleJson } from "./json.ts";
import { pickleLines } from "./lines.ts";

export const show: Command = defineCommand({
  name: "pickle show",
  summary: "the values of a Python pickle, without running any of it",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    depth: count("N", "levels of lists and dicts shown to people (default 6)", undefined, 1),
    items: count("N", "items of each shown to people (default 20)", undefined, 1),
    ...decompressionOptions,
  },
  notes: [
    "No code of a pickle is run, so files from anywhere may be looked at. Classes that reading refuses are named on a line of their own, with what their objects hold; the exit code is 0.",
    "With --json an object of type pickle: uri, refused (names of classes) and value, whole. What JSON has no word for is an object with python, the name of its type.",
  ],
  examples: [
    { line: "entrepot pickle show s3://my-bucket/model.pkl", says: "for people" },
    {
      line: "entrepot pickle show --depth 1 s3://my-bucket/model.pkl.gz",
      says: "the outermost level, decompressed by suffix",
    },
    { line: "entrepot pickle show --json s3://my-bucket/model.pkl", says: "for programs" },
  ],
  async run(call, { depth = 6, items = 20, ...values }, operands) {
    const depot = await call.depot();
    await forEachObject(call, operands, async (address) => {
      const uri = depot.resolve(address);
      const { refused, value, problem } = await contentsOf(depot, address, uri, decompressionOf(values));
      await call.output.tell({
        text: () => {
          const lines = problem === undefined ? pickleLines(value, { depth, items }) : [];
          return [printable(uri), ...refused.map((name) => `refused: ${printable(name)}`), ...lines].join("\n");
        },
        json: () => ({ type: "pickle", uri, refused, value: problem === undefined ? pickleJson(value) : null }),
      });
      if (problem !== undefined) call.fail(problem);
    });
  },
});

async function contentsOf(
  depot: Depot,
  address: string | { readonly uri: string },
  uri: string,
  limits: ReturnType<typeof decompressionOf>,
) {
  const from = typeof address === "string" ? address : address.uri;
  const [bytes, { inspectPickle }] = await Promise.all([
    depot.readBytes(from, { decompress: "by-suffix", ...limits }),
    loadPickle(),
  ]);
  if (bytes.length === 0) {
    throw new EntrepotError("truncated", "the pickle is empty", { uri, retryable: false, hint: "write it again" });
  }
  return inspectPickle(bytes, { uri });
}
