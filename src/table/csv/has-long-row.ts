/**
 * Whether a row of CSV may have more cells than there are columns: where some columns are left out, polars does not look. "No" is
 * certain; "yes" may be a comment, or a line that is skipped.
 */

export interface RowShape {
  readonly cells: number;
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character, or false for none. */
  readonly quote: string | false;
  /** Lines that are looked at. */
  readonly rows: number;
}

const newline = 0x0a;

export async function hasLongRow(
  chunks: AsyncIterable<Uint8Array>,
  { cells, delimiter, quote, rows }: RowShape,
): Promise<boolean> {
  const between = delimiter.charCodeAt(0);
  const mark = quote === false ? -1 : quote.charCodeAt(0);
  let [left, seen, isQuoted, mayOpen] = [rows, 1, false, true];
  for await (const chunk of chunks) {
    // by index: an iterator would take three times as long
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (isQuoted) {
        // two of them are one in the text, which goes on behind them
        if (byte === mark) {
          isQuoted = false;
          mayOpen = true;
        }
      } else if (byte === between) {
        seen += 1;
        if (seen > cells) return true;
        mayOpen = true;
      } else if (byte === newline) {
        left -= 1;
        if (left <= 0) return false;
        seen = 1;
        mayOpen = true;
      } else if (byte === mark && mayOpen) isQuoted = true;
      else mayOpen = false;
    }
  }
  return false;
}
