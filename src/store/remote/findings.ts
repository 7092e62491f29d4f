/**
 * What reading has found out about a server, so that it costs once: whether its ETags are MD5s, what it tells of parts. Holds for
 * as long as the store is open.
 */
export class Findings {
  /** An ETag of 32 hexadecimal digits is the MD5 of the bytes. Assumed until one is not. */
  etagsAreMd5 = true;
  /** And one that ends in `-3` the MD5 of three parts' MD5s. */
  etagsAreMd5OfParts = true;
  /** Parts are equally long where that fits what is known of them. */
  partsAreEqual = true;
  /** HEAD with a part's number tells the part's length. */
  tellsFirstPart = true;
  /** The server lists the parts of an object. */
  tellsAllParts = true;
  /** Ranges of a version are answered with just these. */
  servesRanges = true;

  /** A guess was wrong: it is not made again. */
  noteWrongGuess({ fromEtag, parts }: { readonly fromEtag: boolean; readonly parts: number }): void {
    if (!fromEtag) this.partsAreEqual = false;
    else if (parts === 0) this.etagsAreMd5 = false;
    else this.etagsAreMd5OfParts = false;
  }
}
