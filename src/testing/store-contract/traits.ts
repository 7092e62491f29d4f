/** Where stores may differ, declared beforehand: what is not declared here is promised. */

export interface StoreTraits {
  /** Whether `contentType`, `contentEncoding` and `metadata` come back. */
  readonly keepsMetadata: boolean;
  /** Whether `copyFrom` works between keys of the store. Default true. */
  readonly copies?: boolean | undefined;
  /** Whether a file in place of a folder is a clash: `foo` and `foo/bar` cannot both be. Default false. */
  readonly filesAndFoldersClash?: boolean | undefined;
  /**
   * Why the store cannot hold a key, or `undefined` when it can. Writing such a key must fail as unsafe-key,
   * unrepresentable-name or invalid-address. Default: it holds every key.
   */
  readonly cannotHold?: ((key: string) => string | undefined) | undefined;
  /** How many keys the listings have. Default 0, 1, 999, 1,000, 1,001 and 2,500. */
  readonly listSizes?: readonly number[] | undefined;
}
