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
import { severalAsOne } from "../several-transfers.ts";
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
    await removeNamed(call, depot, operands, values);
  },
});

/** With -r a folder may be named without its `/`, as everywhere; an object may bear the same name. */
async function meantBy(depot: Depot, uri: string, { recursive }: Values): Promise<readonly string[]> {
  if (!recursive || uri.endsWith("/") || isWholePlace(uri) || !(await depot.exists(`${uri}/`))) return [uri];
  return (await depot.exists(uri)) ? [uri, `${uri}/`] : [`${uri}/`];
}

/** All that is named: one plan, one limit, one sum. What is missing is said after all others are gone. */
async function removeNamed(call: Call, depot: Depot, operands: readonly string[], values: Values): Promise<void> {
  const objects: string[] = [];
  const folders: string[] = [];
  const listed: Sources[] = [];
  await forEachOperand(call, operands, async (operand) => {
    const uri = values.glob ? operand : depot.resolve(operand, { for: "write" });
    const found = values.glob ? await matchedBy(depot, uri, values) : await meantBy(depot, uri, values);
    for (const what of found) {
      if (typeof what !== "string") listed.push(what);
      else if (values.recursive && (what.endsWith("/") || isWholePlace(what))) folders.push(what);
      else objects.push(what);
    }
  });
  const missing: unknown[] = [];
  const named: (string | Sources)[] =
    objects.length === 0 ? [] : [objects[0] !== undefined && objects.length === 1 ? objects[0] : objects];
  const all = [...named, ...folders, ...listed];
  if (all.length === 0) return;
  await tellTransfer(
    call,
    removing,
    async ({ onFile, ...told }, jobs) => {
      const absentees: string[] = [];
      const starts = all.map((what) => async (more: Pick<RemoveOptions, "onPlan" | "maxRequests">) => {
        const recursive = typeof what === "string" && folders.includes(what);
        const report = await depot.remove(what, {
          ...told,
          ...removalOptions(values),
          ...more,
          onJob: (id) => void jobs.add(id),
          recursive,
          onFile(file) {
            const isAbsent = file.action === "skip" && named.includes(what);
            if (isAbsent) absentees.push(file.uri);
            // of what was not there the error says it
            if (!isAbsent || call.output.json) onFile?.(file);
          },
        });
        // Done to its end, and nothing is left of it.
        jobs.delete(report.jobId ?? "");
        if (recursive && report.removed.objects === 0 && !(await isThere(depot, what, values))) absentees.push(what);
        return report;
      });
      const [only, ...others] = starts;
      const limits = { maxRequests: values["max-requests"] };
      if (only === undefined) throw new TypeError("there is nothing to do");
      const report = others.length === 0 ? await only(limits) : await severalAsOne(call, [only, ...others], limits);
      if (!values.force) for (const uri of absentees) missing.push(await explained(depot, uri));
      if (report.removed.objects === 0 && missing.length > 0) throw missing.shift();
      return report;
    },
    filtersOf(values),
  ).finally(() => {
    for (const error of missing) call.fail(error);
  });
}

/** Of a folder of which filters, or the choice of marks, left nothing. */
async function isThere(depot: Depot, uri: string, values: Values): Promise<boolean> {
  return (isFiltered(values) || values.markers) && (await depot.exists(uri));
}

/** A folder that was taken for an object is said to be one. */
async function explained(depot: Depot, uri: string): Promise<Error> {
  const isFolder = !uri.endsWith("/") && !uri.includes("?versionId=") && (await depot.exists(`${uri}/`));
  return isFolder ? new UsageError(`${uri} is a folder`, "add -r to remove all that lies in it") : absent(uri);
}

/** The same for what is named and for what a list names. */
function removalOptions(values: Values): RemoveOptions {
  return {
    ...filtersOf(values),
    markers: values.markers ? "only" : undefined,
    keepEmptyFolders: values["keep-empty-folders"],
    dryRun: values["dry-run"],
    match: values.match,
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
  await tellTransfer(call, removing, ({ onFile, ...told }, jobs) =>
    depot.remove(guarded(depot, list, values), {
      ...told,
      onJob: (id) => void jobs.add(id),
      ...removalOptions(values),
      maxRequests: values["max-requests"],
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

/** What a pattern stands for; nothing where it matches nothing and that is no failure. */
async function matchedBy(depot: Depot, pattern: string, { recursive, force }: Values): Promise<(string | Sources)[]> {
  try {
    if (!recursive) return [await openMatches(depot, [pattern], "object")];
    const { objects, folders } = await collectMatches(depot, [pattern]);
    return [...(objects.length > 0 ? [sourcesOf(objects)] : []), ...folders.map(({ uri }) => uri)];
  } catch (error) {
    if (force && error instanceof NothingMatches) return [];
    throw error;
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
