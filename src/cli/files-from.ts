/** `--files-from`: addresses from a file or from standard input, taken as they are read; relative to a folder where one is named. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Depot, EntryOf } from "../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import { joinUri } from "../uri/index.ts";
import { type Flag, flag, text, type ValueOption } from "./option.ts";
import { UsageError } from "./usage-error.ts";

export const filesFromOptions: Readonly<Record<"files-from", ValueOption<string>>> & Readonly<Record<"null", Flag>> = {
  "files-from": text("FILE", "take addresses from FILE, one a line; - is standard input"),
  null: flag("with --files-from: each ends in a zero byte, as find -print0 writes", "0"),
};

/** The same words in the help of every command that has it. */
export const filesFromNote =
  "With --files-from a folder among the operands is what the listed names are relative to; without one they are full addresses. Empty lines are nothing.";

export interface FilesFrom {
  /** A path from the working folder, a full address, or `-`. */
  readonly file: string;
  /** A zero byte ends a name, not a line end. */
  readonly zero: boolean;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** What names are relative to. Default: they are addresses. */
  readonly folder?: string | undefined;
  /** Whether folders in the list are given as what lies in them (default), or as their addresses. */
  readonly expand?: boolean | undefined;
}

/** What is listed, as a source of a copy or a removal. Reads no faster than it is read. */
export async function* readFilesFrom(
  depot: Pick<Depot, "readStream" | "list" | "resolve">,
  { file, zero, stdin, folder, expand = true }: FilesFrom,
): AsyncGenerator<string | { readonly uri: string; readonly path: string }> {
  const isLocal = folder !== undefined && depot.resolve(folder).startsWith("file:");
  let line = 0;
  for await (const name of linesIn(chunksOf(depot, file, stdin), zero)) {
    line += 1;
    if (name === "") continue;
    if (folder === undefined) yield name;
    else {
      checkBelow(name, `${zero ? "name" : "line"} ${line} of ${file === "-" ? "the list" : file}`, folder);
      // as `find .` writes them; in a bucket it would be another key
      yield* belowFolder(depot, folder, isLocal ? name.replace(/^(?:\.\/+)+/, "") : name, expand);
    }
  }
}

/** UsageError for a name that is not below the folder that was named. */
function checkBelow(name: string, where: string, folder: string): void {
  const isAddress = /^[a-z0-9]+:\/\//.test(name);
  if (!isAddress && !name.startsWith("/") && !/(?:^|\/)\.\.(?:\/|$)/.test(name)) return;
  throw new UsageError(
    `${where} of --files-from: ${name} does not lie below ${folder}`,
    isAddress
      ? "leave the folder out: then the list holds full addresses"
      : "write names as they are below the folder, without a / before them and without ..",
  );
}

/** A name that ends in `/` is all that lies in that folder. */
async function* belowFolder(
  depot: Pick<Depot, "list">,
  folder: string,
  name: string,
  expand: boolean,
): AsyncGenerator<string | EntryOf["object"] | { readonly uri: string; readonly path: string }> {
  const uri = joinUri(folder, name);
  if (name.endsWith("/") && !expand) yield uri;
  else if (!name.endsWith("/")) yield { uri, path: name };
  else for await (const entry of depot.list(uri)) yield { ...entry, path: name + entry.path };
}

function chunksOf(
  depot: Pick<Depot, "readStream">,
  file: string,
  stdin: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  if (file === "-") return stdin;
  return listAt(depot.readStream(/^[a-z0-9]+:\/\//.test(file) ? file : pathToFileURL(resolve(file)).href), file);
}

async function* listAt(chunks: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    if (!isEntrepotError(error, "not-found")) throw error;
    throw new EntrepotError("not-found", `there is no list ${file}`, {
      cause: error,
      hint: "--files-from FILE names a list of addresses; - is standard input",
    });
  }
}

/** The names of a list, without the empty ones. Error: malformed for what is not UTF-8. */
export async function* namesIn(chunks: AsyncIterable<Uint8Array>, zero: boolean): AsyncGenerator<string> {
  for await (const name of linesIn(chunks, zero)) if (name !== "") yield name;
}

async function* linesIn(chunks: AsyncIterable<Uint8Array>, zero: boolean): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const end = zero ? "\0" : "\n";
  let rest = "";
  for await (const chunk of chunks) {
    const names = (rest + decoded(decoder, chunk)).split(end);
    rest = names.pop() ?? "";
    for (const name of names) yield nameOf(name, zero);
  }
  yield nameOf(rest + decoded(decoder, undefined), zero);
}

function nameOf(given: string, zero: boolean): string {
  const name = zero ? given : given.replace(/\r$/, "");
  if (name.includes("\0"))
    throw new UsageError("the list of --files-from holds zero bytes", "add -0 if they end its names");
  return name;
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array | undefined): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch (cause) {
    throw new EntrepotError("malformed", "the list of --files-from is not UTF-8", {
      cause,
      hint: "keys are text: write the list in UTF-8",
    });
  }
}
