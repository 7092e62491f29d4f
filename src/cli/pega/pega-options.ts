/** The options of commands that fetch from a Pega repository, and the repository that they mean. */
import type { Depot } from "../../depot/index.ts";
import { closest, type EntrepotError } from "../../error/index.ts";
import {
  type FetchOptions,
  type PegaRepository,
  type PegaTable,
  pegaRepository,
  pegaTables,
} from "../../pega/index.ts";
import type { Call } from "../command.ts";
import { printable } from "../escape.ts";
import { type Flag, flag, parsed, text, type ValueOption, type ValuesOf } from "../option.ts";

type RepositoryOptions = {
  readonly dir: ValueOption<string>;
  readonly "use-meta-files": Flag;
};

export const repositoryOptions: RepositoryOptions = {
  dir: text("DIR", "where files come to lie (default ./s3_download)", "d"),
  "use-meta-files": flag("only files with a marker, .NAME.meta"),
};

export const datamartFolderOption: { readonly "datamart-folder": ValueOption<string> } = {
  "datamart-folder": text("FOLDER", "where the tables lie in the repository (default datamart)"),
};

export const skipBrokenOption: { readonly "skip-broken": Flag } = {
  "skip-broken": flag("damaged files are left out, and told"),
};

/** Says which file was left out, where it was asked for. */
export function onBrokenOf(
  { output }: Call,
  { "skip-broken": skips }: ValuesOf<typeof skipBrokenOption>,
): ((error: EntrepotError) => void) | undefined {
  if (!skips) return undefined;
  return ({ code, uri, message }) =>
    output.say({
      text: () => (output.quiet ? undefined : `note: left out: ${printable(message)}`),
      json: () => ({ type: "broken", code, uri: uri ?? null, message }),
    });
}

/** By their names, which are too many for a line of help. */
export const tableNames: ValueOption<PegaTable> = {
  ...parsed("TABLE", "one of the tables of a datamart, e.g. modelSnapshot", tableNamed, "t"),
  words: pegaTables,
};

/** RangeError with all there are. */
function tableNamed(given: string): PegaTable {
  const name = pegaTables.find((table) => table === given);
  if (name === undefined) throw new RangeError(`there is no such table: ${meantTable(given)}`);
  return name;
}

/** What to say of a name that is no table's: what pdstools calls so, or what was probably meant, and those there are. */
export function meantTable(given: string): string {
  const near = pdstoolsNames[given.toLowerCase()] ?? closest(given, pegaTables);
  return `${near === undefined ? "" : `did you mean ${near}? `}the tables are ${pegaTables.join(", ")}`;
}

const pdstoolsNames: Readonly<Record<string, PegaTable | undefined>> = {
  modeldata: "modelSnapshot",
  predictordata: "predictorSnapshot",
};

/** `folder` is an address of the repository. */
export function repositoryOf(depot: Depot, folder: string, { dir }: ValuesOf<RepositoryOptions>): PegaRepository {
  return pegaRepository(depot, folder, { downloadDir: dir });
}

/** What every fetch is told. */
export function fetchingOf(
  { output, signal }: Call,
  values: ValuesOf<RepositoryOptions>,
): Pick<FetchOptions, "useMetaFiles" | "onProgress" | "signal"> {
  return { useMetaFiles: values["use-meta-files"], onProgress: output.onProgress, signal };
}
