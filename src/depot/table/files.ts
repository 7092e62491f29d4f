/** The files that make up one table, and what their addresses say of it. */
import { EntrepotError } from "../../error/index.ts";
import {
  type Constant,
  constantOf,
  kindNamed,
  kindOfTexts,
  partitionsOfKey,
  type Question,
} from "../../table/index.ts";
import { type Address, formatUri } from "../../uri/index.ts";
import { isFolderAddress, isSources } from "../address-kind.ts";
import { signalOf } from "../calls.ts";
import type { Context, Place } from "../context.ts";
import type { Sources } from "../entries.ts";
import { filterOf } from "../filters/filter.ts";
import { namedObjects } from "../many/named-objects.ts";
import type { SignalOptions } from "../options.ts";

export interface TableFile {
  readonly place: Place;
  readonly etag: string | undefined;
  /** What the folders of its address say. */
  readonly constants: ReadonlyMap<string, Constant>;
}

/** Whether it names one file, and literally. */
export async function isSingle(context: Context, from: Address | Sources): Promise<boolean> {
  return !isSources(from) && !isFolderAddress(from, await context.place(from, "read"));
}

/**
 * In the order of the source. Of a folder, what begins with `_` or `.` is no part of the table, as Hive and Spark have it. Error:
 * not-found when there is none.
 */
export async function tableFiles(
  context: Context,
  from: Address | Sources,
  options: SignalOptions & { readonly partitions?: boolean | undefined },
  { types = {} }: Question,
): Promise<readonly TableFile[]> {
  const signal = signalOf(context, options);
  const filter = await filterOf({}, context.now());
  const found: { readonly place: Place; readonly etag: string | undefined }[] = [];
  for await (const { place, path, etag } of namedObjects(context, from, { filter, signal })) {
    if (isSources(from) || isPartOfTable(path)) found.push({ place, etag });
  }
  if (found.length === 0) throw nothing(context, from);
  const texts = found.map(({ place }) => (options.partitions === false ? new Map() : partitionsOfKey(place.key)));
  const kinds = new Map(
    [...new Set(texts.flatMap((each) => [...each.keys()]))].map((name) => {
      const wanted = Object.hasOwn(types, name) ? types[name] : undefined;
      const kind = kindOfTexts(texts.flatMap((each) => (each.has(name) ? [each.get(name) as string | null] : [])));
      // of numbers and days text can always be made, and text is what the address says
      return [name, wanted === undefined || kind.kind === "string" ? kind : asked(kindNamed(wanted, name), kind)];
    }),
  );
  return found.map((file, index) => {
    const said = [...(texts[index] ?? [])] as (readonly [string, string | null])[];
    const constants = said.map(
      ([name, text]) => [name, constantOf(text, kinds.get(name) ?? { kind: "string" })] as const,
    );
    return { ...file, constants: new Map(constants) };
  });
}

/** `path` is below the folder of the table. */
export function isPartOfTable(path: string): boolean {
  return !path.split("/").some((name) => /^[_.]/.test(name));
}

function asked(wanted: Constant["kind"], found: Constant["kind"]): Constant["kind"] {
  return wanted.kind === "string" ? wanted : found;
}

function nothing(context: Context, from: Address | Sources): EntrepotError {
  const uri = isSources(from) ? undefined : formatUri(context.locate(from, "read"));
  return new EntrepotError("not-found", `no table to read: ${uri ?? "the list"} holds no file`, {
    uri,
    hint: "list it to see what is there; a folder ends in /",
  });
}
