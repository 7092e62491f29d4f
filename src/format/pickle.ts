/** Python's pickles: the values they make are here, reading and writing is loaded with the first of them. */

/** `pickleOf`, `pickleBytes` and what belongs to them. */
export const loadPickle = (): Promise<typeof import("./pickle/index.ts")> => import("./pickle/index.ts");
