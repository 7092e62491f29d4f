/** Which names a plan has taken so far: of keys in order with almost no memory, else in a table of hashes. */
import { type Claim, NameTable } from "./name-table.ts";

export interface PlannedNames {
  /** Begins with an object of this key, whose path has the segments that `claim` is then asked for. */
  begin(key: string, path: string): void;
  /** Claims `name`, a path below the target, for what `path` stands for. A folder is claimed again and again. */
  claim(name: string, path: string, isFolder: boolean): Claim;
}

/**
 * For keys in the order of their bytes, on a disk that tells all names apart: then only a file and a folder can clash. `a` comes
 * before `a/b`, and between the two lie only keys that begin with `a` and a character before `/`: so what can still become a
 * folder is a short chain of keys, each the beginning of the next.
 */
export class OrderedNames implements PlannedNames {
  readonly #files: { readonly key: string; readonly path: string }[] = [];

  begin(key: string, path: string): void {
    for (let last = this.#files.at(-1); last !== undefined && !mayHold(last.key, key); last = this.#files.at(-1))
      this.#files.pop();
    this.#files.push({ key, path });
  }

  claim(_name: string, path: string, isFolder: boolean): Claim {
    return isFolder && this.#files.some((file) => file.path === path) ? "file-and-folder" : "free";
  }
}

/** Whether keys in `folder` may still come at or after `key`. */
function mayHold(folder: string, key: string): boolean {
  return key.startsWith(folder) && key.length > folder.length && key.charCodeAt(folder.length) <= 0x2f;
}

/** For names in any order, 24 bytes of memory each; also for disks that are blind to case. */
export class HashedNames implements PlannedNames {
  readonly #table = new NameTable();
  readonly #compared: (name: string) => string;

  constructor(caseBlind: boolean) {
    this.#compared = caseBlind ? foldName : (name) => name;
  }

  begin(): void {
    // nothing follows from an order
  }

  claim(name: string, path: string, isFolder: boolean): Claim {
    const claim = this.#table.claim(this.#compared(name), path, isFolder);
    return claim === "same" && isFolder ? "free" : claim;
  }
}

/** As disks do that take `A` for `a`, one way to write `é` for the other, and some of them `ß` for `ss`. */
export function foldName(name: string): string {
  return name.normalize("NFD").toUpperCase().toLowerCase().normalize("NFD");
}
