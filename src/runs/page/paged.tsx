/** A list that comes by pages: as much of it as somebody has asked to see. */
import { ask } from "./ask.tsx";
import { useWork } from "./notice.tsx";

export interface Paged<T> {
  readonly items: readonly T[];
  /** Where it goes on; `undefined` at its end. */
  readonly next?: string | undefined;
}

/** Of one more page. */
export const pageSize = 100;
/** That the API gives at once. */
const mostAtOnce = 1_000;

/** From the beginning, at least `count` of them where there are so many. */
export async function loadPaged<T>(
  at: (query: { readonly after?: string | undefined; readonly limit: number }) => string,
  count: number,
): Promise<Paged<T>> {
  let all: Paged<T> = { items: [] };
  do {
    const limit = Math.min(mostAtOnce, Math.max(pageSize, count - all.items.length));
    const page: Paged<T> = await ask<Paged<T>>("GET", at({ after: all.next, limit }));
    all = { items: [...all.items, ...page.items], next: page.next };
  } while (all.next !== undefined && all.items.length < count);
  return all;
}

/** `left`: how many are not shown, where that is known. */
export function More({ left, onMore }: { readonly left?: string; readonly onMore: () => Promise<void> }) {
  const { isBusy, act } = useWork();
  return (
    <p class="row more">
      <button type="button" disabled={isBusy} onClick={() => void act(onMore)}>
        Show more
      </button>
      {left !== undefined && <span class="dim">{left} more</span>}
    </p>
  );
}
