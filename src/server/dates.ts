/** Times as S3 writes them. */

/** `2026-01-02T03:04:05Z`. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** `2026-01-02T03:04:05.000Z`, as in documents; S3 knows whole seconds. */
export function isoMillis(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}.000Z`;
}

/** `Fri, 02 Jan 2026 03:04:05 GMT`, as in headers. */
export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** Reads a header's date; undefined when it is none. */
export function parseHttpDate(text: string | undefined): number | undefined {
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
