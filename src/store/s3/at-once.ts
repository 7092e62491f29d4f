/** Several requests at once, for what one call is made of. Nothing runs on when it is over. */

/**
 * Runs `work` on each item, at most `most` at once. After a rejection no item is begun; what runs is awaited, then the first
 * rejection is thrown.
 */
export async function atOnce<T>(items: Iterable<T>, most: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  let failed: { readonly reason: unknown } | undefined;
  const worker = async (): Promise<void> => {
    while (failed === undefined) {
      const next = rest.next();
      if (next.done === true) return;
      try {
        await work(next.value);
      } catch (reason) {
        failed ??= { reason };
      }
    }
  };
  await Promise.all(Array.from({ length: most }, worker));
  if (failed !== undefined) throw (failed as { readonly reason: unknown }).reason;
}
