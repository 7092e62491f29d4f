/** `entrepot pega fetch`: files of a repository here, as they are there; only what is not here is asked for. */
import type { IncompleteFile } from "../../../depot/index.ts";
import type { FetchedFile, FetchedFiles } from "../../../pega/index.ts";
import { parseUri } from "../../../uri/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import type { Message } from "../../message.ts";
import {
  datamartFolderOption,
  fetchingOf,
  repositoryOf,
  repositoryOptions,
  tableNames,
} from "../../pega/pega-options.ts";
import { UsageError } from "../../usage-error.ts";

export const fetchFiles: Command = defineCommand({
  name: "pega fetch",
  summary: "bring files here: what is new, changed or cut off",
  synopsis: "[options] <repository> [prefix]",
  operands: { min: 1, max: 2 },
  options: { ...repositoryOptions, table: tableNames, ...datamartFolderOption },
  notes: [
    "The prefix is any beginning of keys: path/to/files also means path/to/files2/x. Without one, or a table, all is meant.",
    "modelSnapshot is what begins with Data-Decision-ADM-ModelSnapshot_pzModelSnapshots, predictorSnapshot with",
    "Data-Decision-ADM-PredictorBinningSnapshot_pzADMPredictorSnapshots; the others with Data-DM- and their name.",
    "Prints the path of each file, in the order of keys. Markers of files (.NAME.meta) are never copied.",
  ],
  examples: [
    { line: "entrepot pega fetch s3://my-bucket/ data", says: "what begins with data, below ./s3_download/" },
    { line: "entrepot pega fetch --table modelSnapshot s3://my-bucket/", says: "one table of the datamart" },
    {
      line: "entrepot pega fetch --use-meta-files --dir ./exports s3://my-bucket/ data/",
      says: "what Pega has written to its end",
    },
  ],
  async run(call, values, [folder = "", prefix]) {
    const { table, "datamart-folder": datamartFolder } = values;
    if (table !== undefined && prefix !== undefined)
      throw new UsageError("--table says what files begin with", "give a prefix or a table");
    if (prefix === "") throw new UsageError("the prefix is empty", "leave it out, and everything is meant");
    if (table === undefined && datamartFolder !== undefined)
      throw new UsageError("--datamart-folder says where a table lies", "add --table");
    const repository = repositoryOf(await call.depot("many"), folder, values);
    const fetching = fetchingOf(call, values);
    const fetched =
      table === undefined
        ? await repository.fetchFiles(prefix ?? "", fetching)
        : await repository.fetchTable(table, { ...fetching, datamartFolder });
    for (const file of fetched.files) await call.output.tell(fileMessage(file));
    await call.output.flush();
    for (const left of fetched.incomplete) sayLeft(call, "incomplete", left);
    for (const left of fetched.unmarked) sayLeft(call, "waits", left);
    const { summary: sentence, uri, fetched: imported, skipped, incomplete, unmarked, similar } = fetched;
    const sum: Message = {
      text: () => printable(sentence),
      json: () => ({
        type: "fetched",
        uri,
        fetched: imported,
        skipped,
        incomplete: incomplete.length,
        unmarked: unmarked.length,
        similar,
        summary: sentence,
      }),
    };
    if (call.output.json) await call.output.tell(sum);
    else if (!call.output.quiet) {
      call.output.say(sum);
      if (fetched.files.length === 0) sayNothingThere(call, fetched, repository.uri, folder, values);
    }
  },
});

/** Nothing there is no error, but seldom what was meant. */
function sayNothingThere(
  { output }: Call,
  { uri, similar, unmarked, incomplete }: FetchedFiles,
  repositoryUri: string,
  folder: string,
  { table }: { readonly table?: string | undefined },
): void {
  if (unmarked.length + incomplete.length > 0) return;
  const [first] = similar;
  const [, bucket, beginning] = /^([a-z0-9]+:\/\/[^/]*\/)(.*[^/])$/.exec(folder) ?? [];
  const hint =
    first !== undefined
      ? `there is ${JSON.stringify(first)}; entrepot pega fetch ${JSON.stringify(folder)} ${JSON.stringify(beforeStamp(first).slice(rootOf(repositoryUri).length))} brings what begins like it`
      : table !== undefined
        ? /\/datamart\/?$/.test(folder)
          ? "the repository is the folder above; or say --datamart-folder ''"
          : "--datamart-folder names another folder of the repository; entrepot ls shows what is there"
        : bucket !== undefined && beginning !== undefined && `${folder}/` === uri
          ? `the first operand is a folder; a beginning of keys stands behind it: entrepot pega fetch ${JSON.stringify(bucket)} ${JSON.stringify(beginning)}`
          : "entrepot ls shows what is there; keys are case-sensitive";
  output.say({ text: () => `hint: nothing begins with ${printable(uri)}; ${printable(hint)}`, json: () => undefined });
}

/** What keys of a repository begin with: those of this disk are paths below it. */
function rootOf(repositoryUri: string): string {
  const location = parseUri(repositoryUri);
  return "key" in location ? location.key : "";
}

/** A key up to its stamp of the time: what its like begin with. */
function beforeStamp(key: string): string {
  return key.replace(/_?\d{8}T\d{6}.*$/, "");
}

function fileMessage({ uri, key, path, status, sizeBytes, etag }: FetchedFile): Message {
  return { text: () => printable(path), json: () => ({ type: "file", uri, key, path, status, sizeBytes, etag }) };
}

function sayLeft({ output }: Call, word: "incomplete" | "waits", { uri, path, reason }: IncompleteFile): void {
  const message: Message = {
    text: () => (output.quiet ? undefined : `${word} ${printable(path)}: ${printable(reason)}`),
    json: () => ({ type: word === "waits" ? "unmarked" : "incomplete", uri, path, reason }),
  };
  if (output.json) output.tellLater(message);
  else output.say(message);
}
