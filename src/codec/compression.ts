/** The compressions by name, and what a file's suffixes say about them. Nothing is compressed here. */

/** Every compression of the library; which of them work here and now, `compressionSupport` says. */
export type Compression = "gzip" | "bzip2" | "xz" | "zstd";

const suffixes: Readonly<Record<Compression, string>> = { gzip: ".gz", bzip2: ".bz2", xz: ".xz", zstd: ".zst" };
const compressions = Object.keys(suffixes) as readonly Compression[];

/** `.gz`, `.bz2`, `.xz` or `.zst`. */
export function suffixOfCompression(compression: Compression): string {
  return suffixes[compression];
}

/**
 * What the end of a name says, outermost first, in any case: of `a.csv.gz` and `A.CSV.GZ` gzip, of `a.tar.gz.zst` zstd and then
 * gzip, of `a_gz`, `.gz` and `gz/` nothing. Of a path or URI only the last name counts.
 */
export function compressionsOfName(name: string): readonly Compression[] {
  const found: Compression[] = [];
  for (let rest = name; ; ) {
    const outer = outermost(rest);
    if (outer === undefined) return found;
    found.push(outer);
    rest = rest.slice(0, -suffixes[outer].length);
  }
}

/** The name without its compression suffixes: of `a.csv.gz`, `a.csv`. */
export function plainName(name: string): string {
  const length = compressionsOfName(name).reduce((sum, compression) => sum + suffixes[compression].length, 0);
  return length === 0 ? name : name.slice(0, -length);
}

/** A suffix needs a name before it. */
function outermost(name: string): Compression | undefined {
  const end = name.slice(-5).toLowerCase();
  return compressions.find((compression) => {
    const before = name.length - suffixes[compression].length;
    return end.endsWith(suffixes[compression]) && before > 0 && name[before - 1] !== "/";
  });
}
