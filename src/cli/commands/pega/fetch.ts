/** `entrepot pega fetch`: files of a repository here, as they are there; only what is not here is asked for. */
import type { IncompleteFile } from "../../../depot/index.ts";
import type { FetchedFile } from "../../../pega/index.ts";
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
    const { summary: sentence, uri, fetched: imported, skipped, incomplete, unmarked } = fetched;
    const sum: Message = {
      text: () => printable(sentence),
      json: () => ({
        type: "fetched",
        uri,
        fetched: imported,
        skipped,
        incomplete: incomplete.length,
        unmarked: unmarked.length,
        summary: sentence,
      }),
    };
    if (call.output.json) await call.output.tell(sum);
    else if (!call.output.quiet) call.output.say(sum);
  },
});

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
