/** A store that can only be read: every change is refused before anything is sent. */
import { EntrepotError } from "../../error/index.ts";
import type { DeletedKey, ObjectStore, RequestOptions } from "../object-store.ts";
import { checkStore } from "./check-arguments.ts";
import { type Decorated, Decorator, type DeleteMany, type PassingAction, type PassingCall } from "./decorator.ts";

/**
 * Reads of `store`, and no change of it: `write`, `delete`, `copyFrom` to it, making and removing the bucket, and URLs signed for
 * PUT are `read-only`. Closing it closes `store`.
 */
export function withReadOnly<S extends ObjectStore>(store: S): Decorated<S> {
  checkStore("withReadOnly()", store);
  return new ReadOnlyStore(store) as unknown as Decorated<S>;
}

class ReadOnlyStore extends Decorator {
  protected override async around<T>({ key, changes }: PassingCall, action: PassingAction<T>): Promise<T> {
    if (!changes) return action();
    throw this.#refusal(key);
  }

  protected override async *deletions(
    _deleteMany: DeleteMany,
    keys: readonly string[],
    options: RequestOptions | undefined,
  ): AsyncGenerator<DeletedKey, void, undefined> {
    options?.signal?.throwIfAborted();
    for (const key of keys) yield { key, error: this.#refusal(key) };
  }

  #refusal(key: string): EntrepotError {
    const uri = this.addressOf(key);
    return new EntrepotError("read-only", `${uri} cannot be changed: its store was opened for reading only`, {
      uri,
      hint: "Change it by the store that was given to withReadOnly(); nothing was sent.",
    });
  }
}
