/** Whether an address names all there is in one place: a bucket, the buckets of an account, a memory, this machine. */

/** For full URIs, e.g. `s3://bucket`, `s3://`, `memory:///`. Such a place may be empty, and is not removed by accident. */
export function isWholePlace(uri: string): boolean {
  return /^[a-z0-9]+:\/\/[^/]*\/?$/.test(uri);
}

/** `s3://`: buckets lie in it, no objects. */
export function isAccount(uri: string): boolean {
  return uri === "s3://";
}
