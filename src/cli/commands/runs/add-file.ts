/** `entrepot runs add-file`: parameter files of a run, or of one policy of it. */
import type { Depot } from "../../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import { type FileRecord, mostFileBytes } from "../../../runs/index.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { fileOrAddress } from "../../file-or-address.ts";
import { formatSize } from "../../measure.ts";
import { text } from "../../option.ts";
import { namedPolicy, namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";
import { UsageError } from "../../usage-error.ts";

export const addFile: Command = defineCommand({
  name: "runs add-file",
  summary: "put parameter files into a run that is not started",
  synopsis: "[options] <run> <address>...",
  operands: { min: 2, max: Number.POSITIVE_INFINITY },
  options: {
    policy: text("NAME", "for this policy only, where it stands before one of all"),
    name: text("NAME", "what the program finds it under (that of the file)"),
    ...runsOptions,
  },
  notes: [
    "One of the same name is replaced. A file has at most 16 MiB, a run 1,000 files and 256 MiB: what is larger stays in the bucket, and a parameter names it. - is standard input, and needs --name.",
    "What has no scheme is a path from the working folder, whichever location is in force.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs add-file 01k9x4c2tq0aa parameters.csv", says: "for all policies" },
    {
      line: "entrepot runs add-file test --policy high --name parameters.csv high.csv",
      says: "another one for this policy",
    },
    { line: "entrepot runs add-file test s3://my-bucket/data.csv", says: "from a bucket" },
  ],
  async run(call, values, [run = "", ...addresses]) {
    const { policy, name } = values;
    if (name !== undefined && addresses.length > 1)
      throw new UsageError("--name is for one file", "give the files one by one");
    if (name === undefined && addresses.includes("-"))
      throw new UsageError("standard input has no name", "give it one: --name parameters.csv");
    const depot = await call.depot();
    await withRuns(call, values, async (store) => {
      const found = await namedRun(store, run);
      const policyId = policy === undefined ? undefined : namedPolicy(found, policy);
      await forEachOperand(call, addresses, async (address) => {
        const file = address === "-" ? await fromInput(call) : await fromAddress(depot, address);
        const put = await store.files.put(found.id, policyId, name ?? file.name, file.bytes).catch((error: unknown) => {
          // what was typed, and not what a file is called
          if (name === undefined || !isEntrepotError(error, "unsafe-key")) throw error;
          throw new UsageError(error.message, error.hint);
        });
        await call.output.tell({
          text: () => (call.output.quiet ? undefined : fileLine(put)),
          json: () => recordJson("parameter-file", put),
        });
      });
    });
  },
});

interface Read {
  readonly name: string;
  readonly bytes: Uint8Array;
}

async function fromAddress(depot: Depot, given: string): Promise<Read> {
  const address = fileOrAddress(given);
  const { name, sizeBytes, uri } = await depot.stat(address);
  if (sizeBytes > mostFileBytes) throw tooLarge(`${formatSize(sizeBytes)} are`, uri);
  // one form of letters with marks, whatever this disk prefers
  return { name: name.normalize("NFC"), bytes: await depot.readBytes(address) };
}

async function fromInput({ stdin }: Call): Promise<Read> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of stdin) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > mostFileBytes) throw tooLarge("standard input is");
    chunks.push(chunk);
  }
  return { name: "", bytes: Buffer.concat(chunks) };
}

function tooLarge(what: string, uri?: string): EntrepotError {
  return new EntrepotError("limit-exceeded", `${what} more than a parameter file holds, 16 MiB`, {
    uri,
    hint: "write it to the bucket, and name it in a parameter file",
  });
}

function fileLine({ name, policyId, sizeBytes }: FileRecord): string {
  const whose = policyId === undefined ? "all policies" : printable(policyId);
  return `added ${printable(name)}, ${formatSize(sizeBytes)}, for ${whose}`;
}
