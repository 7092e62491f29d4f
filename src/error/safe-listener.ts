/** Listeners of the caller's: told of what happens, and never able to break the call that tells them. */

/**
 * `listener`, made safe: what it throws, or what a promise that it gives rejects with, is a process warning, once, and the call
 * that told it goes on.
 */
export function safeListener<E>(listener: (event: E) => unknown, name: string): (event: E) => void {
  let warned = false;
  const failed = (error: unknown): void => {
    if (warned) return;
    warned = true;
    const words = error instanceof Error ? error.message : String(error);
    process.emitWarning(`${name} threw, which it must not; the call went on: ${words}`, { type: "EntrepotWarning" });
  };
  return (event) => {
    try {
      const result = listener(event);
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}
