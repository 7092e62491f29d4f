/**
 * Which data files are being read or held by this process, and which of them are to go when the last user has left.
 * Other processes are not seen.
 */
export class InUse {
  readonly #counts = new Map<string, number>();
  readonly #doomed = new Set<string>();
  readonly #remove: (path: string) => void;

  /** `remove` is called for a doomed path when nobody uses it any more. */
  constructor(remove: (path: string) => void) {
    this.#remove = remove;
  }

  has(path: string): boolean {
    return this.#counts.has(path);
  }

  /** Gives the function that ends this use; calling it twice is harmless. */
  pin(path: string): () => void {
    this.#counts.set(path, (this.#counts.get(path) ?? 0) + 1);
    let pinned = true;
    return () => {
      if (!pinned) return;
      pinned = false;
      const left = (this.#counts.get(path) ?? 1) - 1;
      if (left > 0) {
        this.#counts.set(path, left);
        return;
      }
      this.#counts.delete(path);
      if (this.#doomed.delete(path)) this.#remove(path);
    };
  }

  /** Whether the removal of `path` was put off until its last user leaves. */
  doom(path: string): boolean {
    if (!this.#counts.has(path)) return false;
    this.#doomed.add(path);
    return true;
  }

  /** The path was published anew: whoever leaves it now leaves it there. */
  revive(path: string): void {
    this.#doomed.delete(path);
  }
}
