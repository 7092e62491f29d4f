/** Files that were taken, handed over one after the other; each is remembered when its hand-over has ended well. */
import type { CopyNewOptions, NewFile } from "./types.ts";

export class HandOver {
  readonly done: NewFile[] = [];
  readonly #give: CopyNewOptions["onNew"];
  readonly #remember: (file: NewFile) => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #last: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /** `onFailure` is told at once of the first hand-over that fails; none comes after it. */
  constructor(
    give: CopyNewOptions["onNew"],
    remember: (file: NewFile) => Promise<void>,
    onFailure: (error: unknown) => void,
  ) {
    this.#give = give;
    this.#remember = remember;
    this.#onFailure = onFailure;
  }

  add(file: NewFile): void {
    this.#last = this.#last.then(() => this.#next(file));
  }

  /** Resolves when all are handed over. Rejects with what the first failure was. */
  async end(): Promise<void> {
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #next(file: NewFile): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await this.#give?.(file);
      await this.#remember(file);
      this.done.push(file);
    } catch (error) {
      this.#failure = { error };
      this.#onFailure(error);
    }
  }
}
