/** Names that this package gives to its own files in other people's folders; nothing of the user's may bear them. */

/** A file that is being filled. */
export function isPendingName(name: string): boolean {
  return /^\.entrepot-[0-9a-f]{32}\.tmp/.test(name);
}

/** Pending files and locks: not listed, and no key. */
export function isReservedName(name: string): boolean {
  return /^\.entrepot-[0-9a-f]{32}\.(?:tmp|lock)/.test(name);
}
