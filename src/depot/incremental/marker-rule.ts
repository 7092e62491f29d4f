/** A file is complete when its own marker lies beside it, e.g. `.a.csv.meta` beside `a.csv`. */
import { type Candidate, type Rule, taken, type Verdict, waiting } from "./gate.ts";

interface Marks {
  /** Names whose marker came before them, with the marker. */
  readonly marked: Map<string, Candidate>;
  readonly waiting: Map<string, Candidate>;
}

/** `pattern` holds `{name}` once and more than that. TypeError. */
export function markerRule(pattern: string): Rule<Marks> {
  const [before = "", after = "", ...rest] = pattern.split("{name}");
  if (!pattern.includes("{name}") || rest.length > 0 || before + after === "" || pattern.includes("/"))
    throw new TypeError(`a marker is a name with {name} in it, e.g. ".{name}.meta", not ${JSON.stringify(pattern)}`);
  const markedBy = (name: string): string | undefined =>
    name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after)
      ? name.slice(before.length, name.length - after.length)
      : undefined;
  return {
    open: () => ({ marked: new Map(), waiting: new Map() }),
    see(candidate, name, folders) {
      const { marked, waiting } = stateOf(folders);
      const marks = markedBy(name);
      if (marks === undefined) {
        if (marked.delete(name)) return taken(candidate);
        waiting.set(name, candidate);
        return [];
      }
      const file = waiting.get(marks);
      if (file === undefined) marked.set(marks, candidate);
      waiting.delete(marks);
      return file === undefined ? [] : taken(file);
    },
    *close(folders): Generator<Verdict> {
      const { marked, waiting: left } = stateOf(folders);
      for (const [name, candidate] of left) yield* waiting(candidate, `has no marker ${before}${name}${after}`);
      for (const [name, { entry }] of marked)
        yield { incomplete: { uri: entry.uri, path: entry.path, reason: `marks ${name}, which is not there` } };
    },
  };
}

function stateOf<S>(folders: readonly { readonly state: S }[]): S {
  return (folders.at(-1) as { readonly state: S }).state;
}
