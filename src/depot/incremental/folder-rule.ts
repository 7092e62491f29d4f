/** The files of a folder, and of all below it, are complete when a file such as `_SUCCESS` lies in it. */
import { type Candidate, type OpenFolder, type Rule, taken, type Verdict, waiting } from "./gate.ts";

interface Marked {
  done: boolean;
  waiting: Candidate[];
}

/** `file` is a name. TypeError. */
export function folderRule(file: string): Rule<Marked> {
  if (file === "" || file.includes("/"))
    throw new TypeError(`the file that ends a folder is a name, e.g. "_SUCCESS", not ${JSON.stringify(file)}`);
  const last = (folders: readonly OpenFolder<Marked>[]) => (folders.at(-1) as OpenFolder<Marked>).state;
  return {
    open: () => ({ done: false, waiting: [] }),
    see(candidate, name, folders) {
      const here = last(folders);
      if (name !== file) {
        if (folders.some(({ state }) => state.done)) return taken(candidate);
        if (candidate.reason !== undefined) here.waiting.push(candidate);
        return [];
      }
      here.done = true;
      return taken(...here.waiting.splice(0));
    },
    *close(folders): Generator<Verdict> {
      const left = last(folders).waiting;
      const above = folders.at(-2)?.state;
      // a folder above may still turn out to be complete
      if (above !== undefined) above.waiting.push(...left);
      else for (const candidate of left) yield* waiting(candidate, `there is no ${file} in its folder or above`);
    },
  };
}
