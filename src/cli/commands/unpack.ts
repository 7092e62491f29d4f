/** `entrepot unpack`: an archive from anywhere becomes a folder of this disk, or is shown. */
import type { ArchiveFormat, ArchiveMember } from "../../depot/index.ts";
import { existingOption, expandingOptions, formatOption } from "../archive-options.ts";
import { type Call, type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import { matchOption } from "../match-option.ts";
import { formatTime } from "../measure.ts";
import type { Message } from "../message.ts";
import { choice, count, flag } from "../option.ts";
import { tellTransfer, unpacking } from "../transfer-message.ts";
import { UsageError } from "../usage-error.ts";

export const unpack: Command = defineCommand({
  name: "unpack",
  summary: "an archive becomes a folder of this disk, or is shown",
  synopsis: "[options] <archive> <folder> | --list <archive>",
  operands: { min: 1, max: 2 },
  options: {
    list: flag("say what is in it; of a zip, only its index is fetched"),
    format: formatOption,
    match: matchOption,
    existing: existingOption,
    links: choice(["refuse", "skip"], "links are an error, or left out (refuse)"),
    "similar-names": choice(["refuse", "keep"], "A and a, é in two forms are an error, or kept (refuse)"),
    ...expandingOptions,
    "max-entries": count("COUNT", "nothing if it holds more (1000000)", undefined, 1),
    "dry-run": flag("say what would be unpacked, write nothing"),
  },
  notes: [
    "A folder that holds something is an error without --existing. All of it or nothing: it is unpacked beside the folder and becomes the folder when all of it is right. A merge then goes file by file; after a kill the next unpack into the folder finishes it. There is no folder of its own around it.",
    "Entries that would leave the folder, links, devices, names twice, names that differ only by case or letter forms, and what expands more than a thousandfold are refused; --list shows them, --max-ratio lets more through.",
  ],
  examples: [
    { line: "entrepot unpack s3://my-bucket/model.zip ./model", says: "into a folder that is new or empty" },
    { line: "entrepot unpack --list s3://my-bucket/model.zip", says: "what is in it, without fetching it" },
    {
      line: "entrepot unpack --existing replace s3://my-bucket/model.tar.gz ./model",
      says: "in place of what is there",
    },
  ],
  async run(call, values, [archive = "", folder]) {
    const { list, format, match, existing, links } = values;
    if (list) {
      if (folder !== undefined) throw new UsageError("--list takes one archive", "leave the folder out");
      return showMembers(call, archive, format, match);
    }
    if (folder === undefined)
      throw new UsageError("there is an archive and a folder", "--list only shows what is in it");
    const depot = await call.depot("many");
    const limits = {
      maxBytes: values["max-bytes"],
      maxEntries: values["max-entries"],
      maxRatio: values["max-ratio"],
    };
    const choices = { format, match, existing, links, similarNames: values["similar-names"] };
    const settings = { ...choices, dryRun: values["dry-run"], signal: call.signal, ...limits };
    await tellTransfer(call, unpacking, (told) => depot.unpack(archive, folder, { ...told, ...settings }));
  },
});

async function showMembers(
  call: Call,
  address: string,
  format: ArchiveFormat | undefined,
  match: RegExp | undefined,
): Promise<void> {
  const depot = await call.depot();
  const archive = depot.archive(address, { format, signal: call.signal });
  try {
    for await (const member of archive.list()) {
      if (match === undefined || match.test(member.path)) await call.output.tell(memberMessage(member));
    }
  } finally {
    await archive.close();
  }
}

function memberMessage({ path, kind, sizeBytes, modifiedMs }: ArchiveMember): Message {
  const time = modifiedMs === undefined ? "" : formatTime(modifiedMs);
  const size = kind === "file" ? String(sizeBytes) : kind;
  return {
    text: () => `${time.padEnd(19)}  ${size.padStart(12)}  ${printable(path)}`,
    json: () => ({ type: "member", path, kind, sizeBytes, modifiedMs: modifiedMs ?? null }),
  };
}
