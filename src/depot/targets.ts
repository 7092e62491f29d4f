/**
 * Where the objects of a copy go: their names in the target, and why one cannot go there. Nothing is written before the plan stands,
 * and nothing is ever written outside the target.
 */
import { compressionsOfName, plainName, suffixOfCompression } from "../codec/index.ts";
import { EntrepotError, isEntrepotError } from "../error/index.ts";
import type { ObjectPlace } from "../transfer/index.ts";
import { type Address, formatUri } from "../uri/index.ts";
import { isFolderAddress, isSources } from "./address-kind.ts";
import type { Context, Place } from "./context.ts";
import type { Sources } from "./entries.ts";
import { isDurable } from "./jobs/verb-settings.ts";
import { uriOfKey } from "./listing.ts";
import { CopyNames } from "./names/copy-names.ts";
import { KeysOfFiles } from "./names/keys-of-files.ts";
import type { NamesOption } from "./names/name-plan.ts";
import { NameTable } from "./names/name-table.ts";
import { assertNoFileInTheWay } from "./names/no-file-in-the-way.ts";
import { objectPlace } from "./object-place.ts";
import type { Compression } from "./options.ts";
import type { Source } from "./sources.ts";
import { contained, folderOf } from "./sync/places.ts";

export interface TargetOptions {
  readonly names?: NamesOption | undefined;
  readonly compress?: Compression | false | undefined;
  readonly decompress?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  /** What is moved is on the disk before its source goes. */
  readonly move?: boolean | undefined;
  readonly durable?: boolean | undefined;
}

/** Where one object goes, or why it cannot. */
export interface Target {
  readonly to: ObjectPlace;
  readonly problem: EntrepotError | undefined;
}

export class Targets {
  /** The address of the folder that objects go into. */
  readonly folder: string;
  readonly #place: Place;
  readonly #isFolder: boolean;
  readonly #options: TargetOptions;
  readonly #names: CopyNames | undefined;
  readonly #keys: KeysOfFiles | undefined;
  /** Only a list can name two objects alike, and a new suffix can make two alike. */
  readonly #taken: NameTable | undefined;

  private constructor(place: Place, isFolder: boolean, options: TargetOptions, own: Own) {
    this.folder = uriOfKey(place, folderKey(place.key));
    this.#place = place;
    this.#isFolder = isFolder;
    this.#options = options;
    this.#names = own.names;
    this.#keys = own.keys;
    this.#taken = own.taken;
  }

  /** `named` is the place of `to`. */
  static async open(
    context: Context,
    from: Address | Sources,
    to: Address,
    named: Place,
    options: TargetOptions,
  ): Promise<Targets> {
    const { names = "refuse", compress, decompress, dryRun = false } = options;
    const isFolder = isFolderAddress(to, named);
    const isRenamed = decompress === true || (compress !== undefined && compress !== false);
    const inOrder = !isSources(from) && !isRenamed;
    const keys = names === "refuse" ? undefined : new KeysOfFiles(context.disk);
    const isMany = isSources(from) || /\/$/.test(formatUri(context.locate(from, "read")));
    if (named.location.scheme !== "file" || !(isMany || isFolder)) {
      const taken = inOrder && keys === undefined ? undefined : new NameTable();
      return new Targets(named, isFolder, options, { names: undefined, keys, taken });
    }
    const folder = folderOf(named);
    await assertNoFileInTheWay(context.disk, folder);
    const own = await CopyNames.open(context, {
      folder,
      names,
      isMany,
      inOrder: inOrder && keys === undefined,
      dryRun,
    });
    // Many files reach the disk when the system writes them, as those of every program: to wait for each would cost more than its bytes.
    const durable = isDurable(options.move === true ? "move" : "copy", options);
    return new Targets(contained(context, named, { names: own, durable }), isFolder, options, {
      names: own,
      keys,
      taken: undefined,
    });
  }

  /** `undefined` for what is no object, but a list of this folder's own names. */
  async of(source: Source): Promise<Target | undefined> {
    const { place } = source;
    if (!source.many && !this.#isFolder) return this.#at(renamed(this.#place.key, this.#options, false), source);
    const path = await this.#pathOf(source);
    if (path === undefined) return undefined;
    const wanted = renamed(path, this.#options, true);
    if (this.#names === undefined) return this.#at(folderKey(this.#place.key) + wanted, source);
    // what is not there needs no name
    if (source.problem !== undefined) return { to: this.#wouldBe(wanted), problem: undefined };
    const named = await this.#names.place(wanted, place.uri);
    if (named.problem !== undefined) return { to: this.#nowhere(wanted), problem: named.problem };
    return this.#at(folderKey(this.#place.key) + named.path, source);
  }

  /** What is written to, as it is contained. */
  get place(): Place {
    return this.#place;
  }

  /** Whether they go into a folder of this disk. */
  get areFiles(): boolean {
    return this.#names !== undefined;
  }

  /** Called when no more is to come of the plan, however it ended. */
  async close(): Promise<void> {
    await this.#names?.discard();
  }

  async #pathOf({ path, key, place }: Source): Promise<string | undefined> {
    if (this.#keys === undefined || !place.uri.startsWith("file:") || !key.endsWith(path)) return path;
    return this.#keys.keyOf(`/${key.slice(0, key.length - path.length)}`, path);
  }

  #at(key: string, { place, problem }: Source): Target {
    try {
      const to = objectPlace(this.#place, key);
      if (problem !== undefined) return { to, problem: undefined };
      const isTaken = this.#taken !== undefined && this.#taken.claim(key, key, false) !== "free";
      return { to, problem: isTaken ? twice(place, to) : onItself(place, to) };
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      const { code, message, hint } = error;
      return {
        to: this.#nowhere(key),
        problem: new EntrepotError(code, message, { uri: place.uri, hint, cause: error }),
      };
    }
  }

  /** Where it would go, for who tries again later. */
  #wouldBe(path: string): ObjectPlace {
    try {
      return objectPlace(this.#place, folderKey(this.#place.key) + path);
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      return this.#nowhere(path);
    }
  }

  #nowhere(key: string): ObjectPlace {
    return { store: this.#place.store, key, uri: this.#place.uri };
  }
}

interface Own {
  readonly names: CopyNames | undefined;
  readonly keys: KeysOfFiles | undefined;
  readonly taken: NameTable | undefined;
}

/** The suffix follows the compression; a name that was given loses none. */
function renamed(name: string, { compress, decompress }: TargetOptions, inherited: boolean): string {
  const plain = decompress === true && inherited ? plainName(name) : name;
  if (compress === undefined || compress === false || compressionsOfName(plain)[0] === compress) return plain;
  return `${plain}${suffixOfCompression(compress)}`;
}

function twice(from: ObjectPlace, to: ObjectPlace): EntrepotError {
  return new EntrepotError("already-exists", `${from.uri} and another source would both become ${to.uri}`, {
    uri: from.uri,
    hint: "copy them to different folders; if a list names it twice, name it once",
  });
}

function onItself(from: ObjectPlace, to: ObjectPlace): EntrepotError | undefined {
  if (from.uri !== to.uri) return undefined;
  return new EntrepotError("invalid-address", `${from.uri} is both source and target`, {
    uri: from.uri,
    hint: "name another target",
  });
}

export function folderKey(key: string): string {
  return key === "" || key.endsWith("/") ? key : `${key}/`;
}
