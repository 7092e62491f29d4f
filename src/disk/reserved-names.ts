/** Names that this package gives to its own files in other people's folders; nothing of the user's may bear them. */

/** The name of a file that is being filled, or of a folder that is being made; `hex` are 32 digits that nobody can guess. */
export function pendingName(hex: string): string {
  return `.entrepot-${hex}.tmp`;
}

/** The name of a file that is gone on with by a later process: not collected, its journal knows it. */
export function keptName(hex: string): string {
  return `.entrepot-${hex}.part`;
}

export function isKeptName(name: string): boolean {
  return /^\.entrepot-[0-9a-f]{32}\.part$/.test(name);
}

/** Whether it is one of these, whatever its end. */
export function isPendingName(name: string): boolean {
  return /^\.entrepot-[0-9a-f]{32}\.tmp/.test(name);
}

/** What a Pega repository keeps beside the files that it fetched: their list, and tables made of them. */
export const pegaFolderName = ".entrepot-pega";

/** Pending and kept files and locks, and that folder: not listed, and no key. */
export function isReservedName(name: string): boolean {
  return /^\.entrepot-(?:[0-9a-f]{32}\.(?:tmp|lock|part)|pega$)/i.test(name);
}
