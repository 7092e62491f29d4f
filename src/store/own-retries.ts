/** Stores that try again by themselves: they know what was sent, so nobody stacks a second policy on one. */

export interface OwnRetries {
  readonly retriesByItself: true;
}

export function hasOwnRetries(store: object): store is OwnRetries {
  return "retriesByItself" in store && store.retriesByItself === true;
}
