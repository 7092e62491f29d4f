/**
 * Where each object of a copy lies in a folder of this disk: under its own name, or, with `"map"`, under one that leads back to
 * it. What the disk cannot hold is found here, before anything is written.
 */
import { escapeName, isReservedName, markName, type NameRules, safeJoin } from "../../disk/index.ts";
import { EntrepotError, isEntrepotError, withoutStack } from "../../error/index.ts";
import type { Claim } from "./name-table.ts";
import type { NamesOnDisk } from "./names-on-disk.ts";
import type { PlannedNames } from "./planned-names.ts";

/** `"refuse"`: such names are failures; `"map"`: they are escaped where they must be; `"portable"`: so that any disk can hold them. */
export type NamesOption = "refuse" | "map" | "portable";

export interface NamePlanOptions {
  readonly rules: NameRules;
  /** The target folder, absolute. */
  readonly root: string;
  readonly map: boolean;
  readonly planned: PlannedNames;
  readonly onDisk: NamesOnDisk;
  /** Marked names that were given before, by path. */
  readonly known: ReadonlyMap<string, string>;
  /** What no object may be called, as it is the manifest's. */
  readonly manifest: string;
}

/** Either where the object goes, below the target, or why it cannot. */
export type NamePlace = { readonly path: string; readonly problem?: undefined } | { readonly problem: EntrepotError };

/** Why there is no name: what the copy itself brings, or what lies in the target. */
type Clash = Claim | "file-there" | "folder-there";

/** More names than this for one folder or file means that something is wrong. */
const mostTwins = 10_000;

export class NamePlan {
  readonly #options: NamePlanOptions;
  /** The folders of the last object: what each segment became. */
  #folders: { readonly path: string; readonly name: string }[] = [];

  constructor(options: NamePlanOptions) {
    this.#options = options;
  }

  /** `key` is relative to the folder that is copied; `uri` is the object's. */
  async place(key: string, uri: string): Promise<NamePlace> {
    const { map, rules, planned, root } = this.#options;
    try {
      if (!map) assertNameable(root, key);
      const path = map ? escapeName(key, rules) : key;
      planned.begin(key, path);
      const found = await this.#nameOf(path);
      if ("problem" in found) return { problem: withoutStack(() => clash(uri, found.problem, found.at)) };
      safeJoin(root, found.name);
      return { path: found.name };
    } catch (error) {
      if (!isEntrepotError(error)) throw error;
      const { code, message } = error;
      return { problem: withoutStack(() => new EntrepotError(code, message, { uri, hint: wayOut(map) })) };
    }
  }

  async #nameOf(path: string): Promise<{ readonly name: string } | { readonly problem: Clash; readonly at: string }> {
    const segments = path.split("/");
    const file = segments.pop() ?? "";
    const folders: { readonly path: string; readonly name: string }[] = [];
    for (const [depth, segment] of segments.entries()) {
      const above = folders.at(-1);
      const own = below(above?.path, segment);
      const before = this.#folders[depth];
      if (before?.path === own) folders.push(before);
      else {
        const found = await this.#freeName(above?.name, segment, own, true);
        if ("problem" in found) return found;
        folders.push({ path: own, name: found.name });
      }
    }
    this.#folders = folders;
    const above = folders.at(-1);
    return this.#freeName(above?.name, file, below(above?.path, file), false);
  }

  /** The first name of a segment that nothing else has taken. */
  async #freeName(
    folder: string | undefined,
    segment: string,
    path: string,
    isFolder: boolean,
  ): Promise<{ readonly name: string } | { readonly problem: Clash; readonly at: string }> {
    const { map, known, planned, onDisk, manifest } = this.#options;
    const given = known.get(isFolder ? `${path}/` : path);
    for (let count = 0; count < mostTwins; count += 1) {
      const own = count === 0 ? segment : markName(segment, count);
      const name = given === undefined ? below(folder, own) : below(folder, given);
      const isManifest = map && !isFolder && (name === manifest || name.endsWith(`/${manifest}`));
      const inTheWay = isManifest ? "twin" : await onDisk.obstacle(name, isFolder);
      if (inTheWay === "file-and-folder" && !map)
        return { problem: isFolder ? "file-there" : "folder-there", at: name };
      const taken = inTheWay ?? planned.claim(name, path, isFolder);
      if (taken === "free") return { name };
      if (taken === "same" || !map || given !== undefined) return { problem: taken, at: name };
    }
    return { problem: "twin", at: below(folder, segment) };
  }
}

function below(folder: string | undefined, segment: string): string {
  return folder === undefined ? segment : `${folder}/${segment}`;
}

/** Temporary files are not listed, so what bears the name of one would be lost. */
function assertNameable(root: string, key: string): void {
  safeJoin(root, key);
  if (!key.split("/").some(isReservedName)) return;
  throw new EntrepotError("unrepresentable-name", `${JSON.stringify(key)} has the name of a temporary file`);
}

function clash(uri: string, kind: Clash, name: string): EntrepotError {
  const shown = JSON.stringify(name);
  if (kind === "file-there" || kind === "folder-there")
    return new EntrepotError(
      "unrepresentable-name",
      `${uri} cannot be written: ${shown} is a ${kind === "file-there" ? "file, where a folder is needed" : "folder with files, where a file is needed"}`,
      { uri, hint: `remove or move what lies at ${shown} of the target; nothing was changed` },
    );
  if (kind === "same")
    return new EntrepotError("already-exists", `${uri} and another source would both become ${shown}`, {
      uri,
      hint: "copy them to different folders; if a list names it twice, name it once",
    });
  const why =
    kind === "twin"
      ? `this disk takes ${shown} and another name for one`
      : `${shown} would be a file and a folder, which no disk can hold`;
  return new EntrepotError("unrepresentable-name", `${uri} cannot be written: ${why}`, { uri, hint: wayOut(false) });
}

function wayOut(mapped: boolean): string {
  if (mapped) return "even escaped it is too long for a disk: copy it under another name";
  return 'names: "map" (--names map) gives such objects other names, and writes down which; or leave them out with exclude';
}
