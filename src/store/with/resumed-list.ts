/** A listing that goes on behind its last key when a page fails: nothing is given twice, nothing is left out. */
import { compareKeys } from "../../uri/index.ts";
import type { ListOptions, ListPage, ObjectStore } from "../object-store.ts";
import { type AttemptContext, Attempts } from "../remote/attempts.ts";
import { singleAttempt } from "../retry-policy.ts";

export async function* resumedList(
  store: ObjectStore,
  context: AttemptContext,
  options: ListOptions,
): AsyncGenerator<ListPage, void, undefined> {
  let last: string | undefined;
  let attempts: Attempts | undefined;
  let startedMs = context.clock.now();
  for (;;) {
    const start = last === undefined ? {} : { startAfter: last };
    const pages = store.list({ ...options, ...start, retry: singleAttempt })[Symbol.asyncIterator]();
    try {
      for (;;) {
        let next: IteratorResult<ListPage, unknown>;
        try {
          next = await pages.next();
        } catch (failure) {
          attempts ??= new Attempts(context, startedMs);
          await attempts.next(failure);
          break;
        }
        if (next.done === true) return;
        // Keys below a folder lie behind its name, so one that was given comes again.
        const page = behindKey(next.value, last);
        last = lastOf(page) ?? last;
        attempts = undefined;
        if (page.objects.length + page.folders.length > 0) yield page;
        startedMs = context.clock.now();
      }
    } finally {
      await pages.return?.();
    }
  }
}

function behindKey(page: ListPage, last: string | undefined): ListPage {
  if (last === undefined) return page;
  return {
    objects: page.objects.filter(({ key }) => compareKeys(key, last) > 0),
    folders: page.folders.filter((folder) => compareKeys(folder, last) > 0),
  };
}

function lastOf({ objects, folders }: ListPage): string | undefined {
  const object = objects.at(-1)?.key;
  const folder = folders.at(-1);
  if (object === undefined || folder === undefined) return object ?? folder;
  return compareKeys(object, folder) > 0 ? object : folder;
}
