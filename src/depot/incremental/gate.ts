/**
 * Which files are complete, decided from a listing in key order by what lies beside them. What is not decided yet waits in
 * memory until its folder ends.
 */
import type { ObjectEntry } from "../entries.ts";
import type { IncompleteFile } from "./types.ts";

/** One entry of the source, and whether it is another one than was taken before. */
export interface Candidate {
  readonly entry: ObjectEntry;
  readonly reason: "new" | "changed" | undefined;
}

/** What became of a candidate: it is to be taken, or waits for the next time. */
export type Verdict = { readonly complete: Candidate } | { readonly incomplete: IncompleteFile };

/** A folder of the source while the listing is in it. */
export interface OpenFolder<S> {
  /** Its path below the source, `""` or ending in `/`. */
  readonly path: string;
  readonly state: S;
}

/** How one way of marking decides. */
export interface Rule<S> {
  open(path: string): S;
  /** An entry that lies in the last of the folders. */
  see(
    candidate: Candidate,
    name: string,
    folders: readonly OpenFolder<S>[],
  ): Iterable<Verdict> | Promise<Iterable<Verdict>>;
  /** The last of the folders has ended; `folders` still holds it. */
  close(folders: readonly OpenFolder<S>[]): Iterable<Verdict>;
}

/** Verdicts on what is new; entries come in key order. */
export async function* gate<S>(candidates: AsyncIterable<Candidate>, rule: Rule<S>): AsyncGenerator<Verdict> {
  const folders: OpenFolder<S>[] = [{ path: "", state: rule.open("") }];
  for await (const candidate of candidates) {
    const { path } = candidate.entry;
    while (!path.startsWith(folders.at(-1)?.path ?? "")) {
      yield* rule.close(folders);
      folders.pop();
    }
    for (let at = path.indexOf("/", folders.at(-1)?.path.length); at >= 0; at = path.indexOf("/", at + 1)) {
      const folder = path.slice(0, at + 1);
      folders.push({ path: folder, state: rule.open(folder) });
    }
    yield* await rule.see(candidate, path.slice(path.lastIndexOf("/") + 1), folders);
  }
  while (folders.length > 0) {
    yield* rule.close(folders);
    folders.pop();
  }
}

/** A candidate that nothing is to wait for: taken when it is new. */
export function* taken(...candidates: readonly Candidate[]): Generator<Verdict> {
  for (const candidate of candidates) if (candidate.reason !== undefined) yield { complete: candidate };
}

/** A new one that has to wait. */
export function* waiting(candidate: Candidate, reason: string): Generator<Verdict> {
  if (candidate.reason !== undefined)
    yield { incomplete: { uri: candidate.entry.uri, path: candidate.entry.path, reason } };
}
