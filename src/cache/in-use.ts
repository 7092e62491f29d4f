/**
 * Which data files are being read or held by this process, and what is to be done when the last user has left. Other
 * processes are not seen.
 */
export class InUse {
  readonly #counts = new Map<string, number>();
  readonly #doomed = new Map<string, () => void>();

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
      const remove = this.#doomed.get(path);
      this.#doomed.delete(path);
      remove?.();
    };
  }

  /** Whether somebody uses `path`; `remove` is then called when the last user leaves, in place of one given before. */
  doom(path: string, remove: () => void): boolean {
    if (!this.#counts.has(path)) return false;
    this.#doomed.set(path, remove);
    return true;
  }
}
