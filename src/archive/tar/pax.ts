/** Records of pax: what a header has no room for, as `length key=value\n`. */

/** `undefined` for what are no records. Bytes, because values need not be text. */
export function parseRecords(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> | undefined {
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    if (space === -1 || space - at > 10) return undefined;
    const digits = String.fromCharCode(...bytes.subarray(at, space));
    const end = at + Number(digits);
    if (!/^\d+$/.test(digits) || end > bytes.length || end <= space + 1 || bytes[end - 1] !== 0x0a) return undefined;
    const equals = bytes.indexOf(0x3d, space);
    if (equals === -1 || equals >= end) return undefined;
    records.set(String.fromCharCode(...bytes.subarray(space + 1, equals)), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

export function formatRecords(records: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(Object.entries(records).map(([key, value]) => record(`${key}=${value}\n`))));
}

/** Its length counts its own digits. */
function record(content: string): Buffer {
  const size = Buffer.byteLength(content) + 1;
  let digits = String(size).length;
  if (String(size + digits).length > digits) digits += 1;
  return Buffer.from(`${size + digits} ${content}`);
}
