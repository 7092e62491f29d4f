/** Parameter files that are there already, in the forms in which programs want them. */
import { randomUUID } from "node:crypto";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Depot, type LocalPath, unwatched } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { csvRowsOf, jsonOf, textOf } from "../../format/index.ts";
import type { Bytes } from "../../store/index.ts";
import type { Frame } from "../../table/index.ts";
import { joinUri } from "../../uri/index.ts";
import { checkFileName } from "../store/index.ts";
import type { PolicyFiles } from "./run.ts";

export function policyFiles(data: Depot, files: ReadonlyMap<string, Bytes>): PolicyFiles {
  const names = [...files.keys()].sort();
  const found = (name: string): Bytes => {
    const bytes = files.get(name);
    if (bytes !== undefined) return bytes;
    throw new EntrepotError("not-found", `the policy has no file ${JSON.stringify(name)}`, {
      hint:
        names.length === 0
          ? "it has none at all"
          : `it has ${names.slice(0, 20).join(", ")}: full names, with their type`,
    });
  };
  return {
    names,
    text: (name) => textOf(found(name), { uri: name }),
    // a copy, so that who changes it changes nobody else's
    bytes: (name) => found(name).slice(),
    json: (name) => jsonOf(found(name), { uri: name }),
    rows: (name) => [...csvRowsOf(textOf(found(name), { uri: name }))],
    table: (name) => tableOf(data, name, found(name)),
    saveTo: (dir) => saveTo(data, dir, files),
  };
}

/** Tables are read by address: from memory, where nobody else looks. */
async function tableOf(data: Depot, name: string, bytes: Bytes): Promise<Frame> {
  return unwatched(async () => {
    const uri = joinUri(`memory:///entrepot-run-files/${randomUUID()}/`, name);
    await data.writeBytes(uri, bytes);
    try {
      return await data.readTable(uri);
    } finally {
      await data.remove(uri);
    }
  });
}

async function saveTo(data: Depot, dir: LocalPath, files: ReadonlyMap<string, Bytes>): Promise<readonly string[]> {
  const folder = pathOf(dir);
  return unwatched(async () => {
    const paths: string[] = [];
    for (const [name, bytes] of files) {
      const path = join(folder, checkFileName(name));
      await data.writeBytes(pathToFileURL(path), bytes);
      paths.push(path);
    }
    return paths;
  });
}

/** A path of this disk, from the working folder. */
export function pathOf(path: LocalPath): string {
  const text = typeof path === "string" ? path : fileURLToPath(path);
  return isAbsolute(text) ? text : resolve(text);
}
