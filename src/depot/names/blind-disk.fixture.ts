/** This machine's disk, as one that takes `A` for `a`: every path is looked up by the names that are there, whatever their case. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Disk, openNodeDisk, type PendingFile } from "../../disk/index.ts";
import { foldName } from "./planned-names.ts";

export function openBlindDisk(): Disk {
  const disk = openNodeDisk();
  return new Proxy(disk, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== "function") return method;
      return async (...given: unknown[]) => {
        // the two of a rename, and the one of everything else
        const paths = given.map((value) => (typeof value === "string" ? asThere(value) : value));
        const result: unknown = await method.apply(target, paths);
        return name === "createPending" ? blindPending(result as PendingFile) : result;
      };
    },
  });
}

function blindPending(pending: PendingFile): PendingFile {
  return new Proxy(pending, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (name === "commit") return (path: string, options: never) => target.commit(asThere(path), options);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** The path with the names of what is there. */
function asThere(path: string): string {
  if (!path.startsWith("/")) return path;
  let found = "/";
  for (const segment of path.split("/").filter((each) => each !== "")) {
    const names = namesIn(found);
    found = join(found, names.includes(segment) ? segment : (names.find((name) => same(name, segment)) ?? segment));
  }
  return found;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function same(one: string, other: string): boolean {
  return foldName(one) === foldName(other);
}
