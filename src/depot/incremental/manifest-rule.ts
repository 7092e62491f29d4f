/** A file is complete when a manifest in its folder, or in one above, names it. */
import { EntrepotError } from "../../error/index.ts";
import { type Candidate, type OpenFolder, type Rule, taken, type Verdict, waiting } from "./gate.ts";

interface Listed {
  /** Paths below the folder that the manifest names, with their size where it says one. */
  named: Map<string, number | undefined> | undefined;
  manifest: Candidate | undefined;
  waiting: Candidate[];
}

/** `file` is a name; `read` gives the JSON at an address. TypeError. Errors: malformed for what is no manifest, those of `read`. */
export function manifestRule(file: string, read: (uri: string) => Promise<unknown>): Rule<Listed> {
  if (file === "" || file.includes("/"))
    throw new TypeError(`a manifest is a name, e.g. "manifest.json", not ${JSON.stringify(file)}`);
  const last = (folders: readonly OpenFolder<Listed>[]) => folders.at(-1) as OpenFolder<Listed>;
  return {
    open: () => ({ named: undefined, manifest: undefined, waiting: [] }),
    async see(candidate, name, folders) {
      const here = last(folders);
      const { uri } = candidate.entry;
      if (name === file) {
        here.state.named = namesOf(await read(uri), uri);
        here.state.manifest = candidate;
        const left = here.state.waiting.splice(0);
        return left.flatMap((each) => judged(each, [here]));
      }
      return judged(candidate, folders);
    },
    *close(folders): Generator<Verdict> {
      const { state } = last(folders);
      const above = folders.at(-2)?.state;
      if (above !== undefined) above.waiting.push(...state.waiting);
      else
        for (const candidate of state.waiting) yield* waiting(candidate, `no ${file} in its folder or above names it`);
      if (state.manifest === undefined) return;
      const { uri, path } = state.manifest.entry;
      for (const name of state.named?.keys() ?? [])
        yield { incomplete: { uri, path, reason: `names ${name}, which is not there` } };
    },
  };

  /** By the innermost manifest that names it; else it waits for one of its own folder or above. */
  function judged(candidate: Candidate, folders: readonly OpenFolder<Listed>[]): readonly Verdict[] {
    const { path, sizeBytes } = candidate.entry;
    for (const folder of [...folders].reverse()) {
      const { named } = folder.state;
      const name = path.slice(folder.path.length);
      if (named?.has(name) !== true) continue;
      const size = named.get(name);
      named.delete(name);
      if (size === undefined || size === sizeBytes) return [...taken(candidate)];
      return [...waiting(candidate, `has ${sizeBytes} bytes, ${file} says ${size}`)];
    }
    last(folders).state.waiting.push(candidate);
    return [];
  }
}

/** The names that a manifest holds, whichever of the usual forms it has. */
function namesOf(manifest: unknown, uri: string): Map<string, number | undefined> {
  const folder = uri.slice(0, uri.lastIndexOf("/") + 1);
  const list = listOf(manifest);
  if (list === undefined) throw noManifest(uri, "it holds no list of files");
  const names = new Map<string, number | undefined>();
  for (const each of list) {
    const name = nameIn(each);
    if (name === undefined)
      throw noManifest(uri, `it holds ${JSON.stringify(each)?.slice(0, 60)} where a file is named`);
    names.set(name.startsWith(folder) ? name.slice(folder.length) : name.replace(/^\.\//, ""), sizeIn(each));
  }
  return names;
}

function listOf(manifest: unknown): readonly unknown[] | undefined {
  if (Array.isArray(manifest)) return manifest;
  if (typeof manifest !== "object" || manifest === null) return undefined;
  const { files, entries } = manifest as Record<string, unknown>;
  return [files, entries].find((list) => Array.isArray(list)) as readonly unknown[] | undefined;
}

function nameIn(item: unknown): string | undefined {
  if (typeof item === "string") return item;
  if (typeof item !== "object" || item === null) return undefined;
  const { path, name, key, url, uri } = item as Record<string, unknown>;
  return [path, name, key, url, uri].find((text) => typeof text === "string") as string | undefined;
}

function sizeIn(item: unknown): number | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const { size, sizeBytes } = item as Record<string, unknown>;
  return [sizeBytes, size].find((value) => typeof value === "number") as number | undefined;
}

function noManifest(uri: string, why: string): EntrepotError {
  return new EntrepotError("malformed", `${uri} is no manifest: ${why}`, {
    uri,
    hint: 'a list of names, or { "files": […] } of names or of { "path", "size" }',
  });
}
