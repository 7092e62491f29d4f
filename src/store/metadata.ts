/** The names of user metadata, the same for every backend: those of a header, in lower case. */

/** The name under which conditional writes to S3 keep a mark of their own; not shown to readers, and not for callers to set. */
export const ownMetadataName: string = "entrepot-write";

/** The pairs with their names in lower case; of two that become one, the last. TypeError for a name that HTTP cannot carry. */
export function metadataPairs(metadata: Readonly<Record<string, string>> | undefined): [name: string, value: string][] {
  return Object.entries(metadata ?? {}).map(([name, value]) => {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) {
      throw new TypeError(`the metadata name ${JSON.stringify(name)} cannot be a header's name`);
    }
    if (name.toLowerCase() === ownMetadataName) {
      throw new TypeError(`the metadata name ${ownMetadataName} is kept for conditional writes: choose another`);
    }
    return [name.toLowerCase(), value];
  });
}
