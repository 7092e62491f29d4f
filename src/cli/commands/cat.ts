/** `entrepot cat`: the bytes as they are stored, or decompressed; of many objects one after the other. */
import type { Depot } from "../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { type Call, type Command, defineCommand } from "../command.ts";
import { decompressionOf, decompressionOptions } from "../decompression-options.ts";
import { globOption, openMatches, patternNote } from "../matches.ts";
import { assertNoWholePlace, explainFolder } from "../object-operands.ts";
import { flag } from "../option.ts";

export const cat: Command = defineCommand({
  name: "cat",
  summary: "write objects to standard output",
  synopsis: "[options] <address>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    decompress: flag("decompress .gz .bz2 .xz .zst by suffix", "d"),
    ...decompressionOptions,
    glob: globOption,
  },
  notes: ["An address that ends in / means all objects below it, in the order of their keys.", patternNote],
  examples: [
    { line: "entrepot cat s3://my-bucket/notes.txt", says: "the bytes as they are stored" },
    { line: "entrepot cat --decompress s3://my-bucket/data.csv.gz", says: "decompressed by suffix" },
    { line: "entrepot cat s3://my-bucket/data/", says: "all that lies in a folder, one after the other" },
    {
      line: "entrepot cat --glob 's3://my-bucket/data/*.csv'",
      says: "what matches a pattern, in the order of their keys",
    },
  ],
  async run(call, values, operands) {
    const isMany = values.glob || operands.length > 8 || operands.some((operand) => operand.endsWith("/"));
    const depot = await call.depot(isMany ? "many" : "few");
    const decompress = values.decompress ? "by-suffix" : false;
    const failed: Promise<void>[] = [];
    const onSkipped = (error: EntrepotError) => {
      failed.push(explainFolder(depot, error, error.uri).then((told) => call.fail(told)));
    };
    const sources = eachOf(call, operands, values.glob ? (pattern) => matchesOf(depot, pattern) : namesOf(depot));
    const limits = decompressionOf(values);
    const objects = depot.readMany(sources, { as: "stream", decompress, ...limits, onError: "ignore", onSkipped });
    for await (const { stream } of objects) await write(call, stream);
    await Promise.all(failed);
  },
});

/** A failure in the middle of an object is said, and the others go on. */
async function write(call: Call, stream: AsyncIterable<Uint8Array>): Promise<void> {
  const chunks = stream[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch (error) {
      if (call.signal.aborted || !isEntrepotError(error)) throw error;
      return call.fail(error);
    }
    if (next.done === true) return;
    await call.output.writeBytes(next.value);
  }
}

/** What each operand names; one that fails is said, and the others go on. */
async function* eachOf(
  call: Call,
  operands: readonly string[],
  open: (operand: string) => AsyncIterable<Named>,
): AsyncGenerator<Named> {
  for (const operand of operands) {
    try {
      yield* open(operand);
    } catch (error) {
      if (call.signal.aborted) throw call.signal.reason;
      call.fail(error);
    }
  }
}

/** An address, or an entry of a listing. */
type Named = string | { readonly uri: string };

async function* matchesOf(depot: Depot, pattern: string): AsyncGenerator<Named> {
  yield* await openMatches(depot, [pattern], "object");
}

/** A final `/` means the objects below it. */
function namesOf(depot: Depot): (operand: string) => AsyncGenerator<Named> {
  return async function* (operand) {
    const uri = depot.resolve(operand);
    assertNoWholePlace(operand, uri);
    if (!uri.endsWith("/")) return yield operand;
    let found = false;
    for await (const entry of depot.list(uri)) {
      found = true;
      yield entry;
    }
    if (found) return undefined;
    throw new EntrepotError("not-found", `there is nothing below ${uri}`, {
      uri,
      hint: "entrepot ls the folder above it shows what is there",
    });
  };
}
