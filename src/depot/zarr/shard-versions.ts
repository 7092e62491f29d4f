/** Which version of each shard a reader knows the index of: a range of another one would be decoded as what it is not. */
import { EntrepotError, isEntrepotError } from "../../error/index.ts";
import { isStrongEtag, type ReadBytes } from "../../store/index.ts";

/** As long as the reader itself, which keeps the index of every shard that it has read. */
export class ShardVersions {
  readonly #etags = new Map<string, string>();

  /**
   * Reads a range of the version that is known, and learns it from the first. `isIndex`: whatever version is there now, which then
   * counts. Error: changed.
   */
  async read(
    key: string,
    uri: string,
    isIndex: boolean,
    readRange: (ifMatch: string | undefined) => Promise<ReadBytes>,
  ): Promise<ReadBytes> {
    const known = isIndex ? undefined : this.#etags.get(key);
    const read = await this.#readOf(uri, known, readRange);
    const { etag } = read.result.info;
    if (known === undefined) this.#etags.set(key, etag);
    // A server without strong ETags can be asked for no version, but says which one it sent.
    else if (etag !== known) throw changed(uri, undefined);
    return read;
  }

  async #readOf(
    uri: string,
    known: string | undefined,
    readRange: (ifMatch: string | undefined) => Promise<ReadBytes>,
  ): Promise<ReadBytes> {
    try {
      return await readRange(known !== undefined && isStrongEtag(known) ? known : undefined);
    } catch (error) {
      // Gone after its index was read is no chunk that was never written.
      const isOther =
        isEntrepotError(error, "precondition-failed") || (known !== undefined && isEntrepotError(error, "not-found"));
      throw isOther ? changed(uri, error) : error;
    }
  }
}

function changed(uri: string, cause: unknown): EntrepotError {
  return new EntrepotError("changed", `${uri} was replaced or removed after its index was read`, {
    uri,
    cause,
    hint: "open the array again, from data.zarr() on: its shards are other ones now",
  });
}
