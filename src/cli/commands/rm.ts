/** `entrepot rm`: says when there was nothing to remove, and asks twice before it empties a bucket. */
import type { Depot, RemoveOptions, Sources } from "../../depot/index.ts";
import { openNodeDisk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { budgetOptions } from "../budget-options.ts";
import { type Call, type Command, defineCommand, forEachOperand } from "../command.ts";
import { filesFromNote, filesFromOptions, readFilesFrom } from "../files-from.ts";
import { filterFlags, filterNote, filtersOf, isFiltered } from "../filter-options.ts";
import { keepEmptyFlag } from "../keep-empty-option.ts";
import { type IsLocalFolder, localFolders } from "../local-folder.ts";
import { matchOption } from "../match-option.ts";
import { collectMatches, globNote, globOption, NothingMatches, openMatches, sourcesOf } from "../matches.ts";
import { flag, type ValuesOf } from "../option.ts";
import { removing, tellTransfer } from "../transfer-message.ts";
import { UsageError } from "../usage-error.ts";
import { isAccount, isWholePlace } from "../whole-place.ts";

const options = {
  recursive: flag("remove folders with all that lies in them", "r"),
  glob: globOption,
  force: flag("a missing one is no failure; allow emptying a whole bucket", "f"),
  "dry-run": flag("say what would be removed, change nothing"),
  match: matchOption,
  markers: flag("with -r: only the empty objects by which some tools mark folders"),
  "keep-empty-folders": keepEmptyFlag,
  "max-requests": budgetOptions["max-requests"],
  ...filterFlags,
  ...filesFromOptions,
} as const;
type Values = ValuesOf<typeof options>;

export const rm: Command = defineCommand({
  name: "rm",
  summary: "remove objects or folders",
  synopsis: "[options] <address>...",
  operands: { min: 0, max: Number.POSITIVE_INFINITY },
  options,
  notes: [globNote, filterNote, filesFromNote],
  examples: [
    { line: "entrepot rm s3://my-bucket/notes.txt", says: "one object" },
    { line: "entrepot rm -r --dry-run s3://my-bucket/data/", says: "what would be removed" },
    { line: "entrepot rm -r s3://my-bucket/data/", says: "a folder with all that lies in it" },
    { line: "entrepot rm --glob --dry-run 's3://my-bucket/**/*.csv'", says: "what matches a pattern, at any depth" },
    { line: "entrepot rm -r --dry-run --older-than 90d s3://my-bucket/data/", says: "what is old in a folder" },
    { line: "entrepot rm -r --markers s3://my-bucket/data/", says: "what other tools left to mark folders" },
    { line: "entrepot rm --files-from list.txt s3://my-bucket/data/", says: "what a list names" },
    { line: "entrepot rm --force s3://my-bucket/perhaps.txt", says: "whether it is there or not" },
  ],
  async run(call, values, operands) {
    if (values["files-from"] !== undefined) return removeListed(call, values, operands);
    if (values.null) throw new UsageError("-0 says how the list of --files-from is written", "add --files-from FILE");
    if (operands.length === 0) throw new UsageError("rm needs an address", "usage: entrepot rm [options] <address>...");
    const depot = await call.depot(values.recursive || values.glob || operands.length > 8 ? "many" : "few");
    // all are looked at before the first is removed: a mistake in the last one then removes nothing.
    const isLocalFolder = localFolders(depot, openNodeDisk());
    for (const operand of operands) await checkOperand(depot, isLocalFolder, operand, values);
    await forEachOperand(call, operands, async (operand) => {
      if (values.glob) return removeMatches(call, depot, operand, values);
      const uri = depot.resolve(operand, { for: "write" });
      let objects = 0;
      for (const what of await meantBy(depot, uri, values)) objects += await remove(call, depot, what, values);
      const isThere = (isFiltered(values) || values.markers) && (await depot.exists(asFolder(uri)));
      if (objects === 0 && !values.force && !isThere) throw absent(uri);
    });
  },
});

function asFolder(uri: string): string {
  return uri.endsWith("/") ? uri : `${uri}/`;
}

/** With -r a folder may be named without its `/`, as everywhere; an object may bear the same name. */
async function meantBy(depot: Depot, uri: string, { recursive }: Values): Promise<readonly string[]> {
  if (!recursive || uri.endsWith("/") || isWholePlace(uri) || !(await depot.exists(`${uri}/`))) return [uri];
  return (await depot.exists(uri)) ? [uri, `${uri}/`] : [`${uri}/`];
}

/** How many were, or would be. */
async function remove(call: Call, depot: Depot, what: string | Sources, values: Values): Promise<number> {
  const recursive = typeof what === "string" && (what.endsWith("/") || isWholePlace(what));
  const { removed } = await tellTransfer(
    call,
    removing,
    (told) =>
      depot.remove(what, {
        ...told,
        ...removalOptions(values),
        recursive,
      }),
    filtersOf(values),
  );
  return removed.objects;
}

/** The same for what is named and for what a list names. */
function removalOptions(values: Values): RemoveOptions {
  return {
    ...filtersOf(values),
    markers: values.markers ? "only" : undefined,
    keepEmptyFolders: values["keep-empty-folders"],
    dryRun: values["dry-run"],
    match: values.match,
    maxRequests: values["max-requests"],
  };
}

/** What a list names; a missing one is a failure that is told after all others are gone. */
async function removeListed(call: Call, values: Values, operands: readonly string[]): Promise<void> {
  const [folder, ...more] = operands;
  if (more.length > 0 || values.glob)
    throw new UsageError("with --files-from there is one folder at most", "its names are relative to that");
  const depot = await call.depot("many");
  const list = readFilesFrom(depot, {
    file: values["files-from"] ?? "-",
    zero: values.null,
    stdin: call.stdin,
    folder,
    expand: false,
  });
  const missing: EntrepotError[] = [];
  await tellTransfer(call, removing, ({ onFile, ...told }) =>
    depot.remove(guarded(depot, list, values), {
      ...told,
      ...removalOptions(values),
      recursive: values.recursive,
      onFile(file) {
        if (file.action === "skip") missing.push(absent(file.uri));
        onFile?.(file);
      },
    }),
  );
  if (missing.length === 0 || values.force) return;
  const [first] = missing;
  throw missing.length === 1 && first !== undefined
    ? first
    : new EntrepotError("not-found", `${missing.length} of the list are not there`, { failures: missing });
}

/** A folder or a whole bucket in a list is as much as one on the command line. */
async function* guarded<T extends string | { readonly uri: string }>(
  depot: Depot,
  list: AsyncIterable<T>,
  values: Values,
): AsyncGenerator<T> {
  for await (const item of list) {
    const uri = typeof item === "string" ? depot.resolve(item, { for: "write" }) : item.uri;
    if (uri.endsWith("/") && !values.recursive)
      throw new UsageError(`${uri} in the list is a folder`, "add -r to remove all that lies in it");
    if ((isAccount(uri) || isWholePlace(uri)) && !values.force && !values["dry-run"])
      throw new UsageError(`${uri} in the list is everything there is in that place`, "add --force if you mean it");
    yield item;
  }
}

function absent(uri: string): EntrepotError {
  return new EntrepotError("not-found", `there is nothing at ${uri}`, {
    uri,
    hint: "with --force a missing one is no failure",
  });
}

async function removeMatches(call: Call, depot: Depot, pattern: string, values: Values): Promise<void> {
  try {
    if (!values.recursive) {
      await remove(call, depot, await openMatches(depot, [pattern], "object"), values);
      return;
    }
    const { objects, folders } = await collectMatches(depot, [pattern]);
    if (objects.length > 0) await remove(call, depot, sourcesOf(objects), values);
    for (const { uri } of folders) await remove(call, depot, uri, values);
  } catch (error) {
    if (!(values.force && error instanceof NothingMatches)) throw error;
  }
}

/** UsageError for what looks like more than was meant. */
async function checkOperand(
  depot: Depot,
  isLocalFolder: IsLocalFolder,
  operand: string,
  values: Values,
): Promise<void> {
  const uri = values.glob ? operand : depot.resolve(operand, { for: "write" });
  if (isAccount(uri))
    throw new UsageError(
      `${uri} holds buckets, and rm removes none`,
      "name what lies in one; entrepot rb removes empty buckets",
    );
  const whole = values.glob ? /^[a-z0-9]+:\/\/[^/]*\/[*/]*$/.test(uri) : isWholePlace(uri);
  if (!values.recursive && !values.glob && (whole || uri.endsWith("/") || (await isLocalFolder(operand, "write"))))
    throw new UsageError(`${operand} is a folder`, "add -r to remove all that lies in it");
  if (whole && !values.force && !values["dry-run"] && !values.markers)
    throw new UsageError(
      `${operand} is everything there is in that place`,
      "add --force if you mean it; --dry-run first",
    );
}
