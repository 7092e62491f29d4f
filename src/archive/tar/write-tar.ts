/** A tar: ustar headers, pax records where a name or a size needs one. The same entries give the same bytes. */
import type { Bytes } from "../../codec/index.ts";
import type { PackEntry } from "../entry.ts";
import { blockBytes, formatHeader, splitName } from "./header.ts";
import { formatRecords } from "./pax.ts";

/** The most that a header has room for. */
const largestSize = 8 ** 11 - 1;

/** Errors: those of the entries. */
export async function* writeTar(entries: AsyncIterable<PackEntry>): AsyncGenerator<Bytes> {
  for await (const entry of entries) {
    yield headerOf(entry);
    if (entry.kind === "folder") continue;
    for await (const chunk of entry.open()) yield chunk as Bytes;
    yield new Uint8Array(-entry.sizeBytes & (blockBytes - 1));
  }
  // two blocks of zeros are the end
  yield new Uint8Array(2 * blockBytes);
}

function headerOf(entry: PackEntry): Bytes {
  const path = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  const modified = Math.max(0, Math.floor((entry.modifiedMs ?? 0) / 1000));
  const split = splitName(path);
  const records: Record<string, string> = {};
  if (split === undefined) records["path"] = path;
  if (entry.sizeBytes > largestSize) records["size"] = String(entry.sizeBytes);
  const header = formatHeader({
    ...(split ?? { name: plainPart(path), prefix: "" }),
    mode: entry.kind === "folder" || entry.isExecutable ? 0o755 : 0o644,
    sizeBytes: entry.kind === "folder" ? 0 : entry.sizeBytes,
    modified,
    type: entry.kind === "folder" ? "5" : "0",
  });
  if (Object.keys(records).length === 0) return header;
  const body = formatRecords(records);
  const before = formatHeader({
    name: `PaxHeaders/${plainPart(path)}`.slice(0, 100),
    prefix: "",
    mode: 0o644,
    sizeBytes: body.length,
    modified,
    type: "x",
  });
  const padding = -body.length & (blockBytes - 1);
  const whole = new Uint8Array(before.length + body.length + padding + header.length);
  whole.set(before);
  whole.set(body, before.length);
  whole.set(header, before.length + body.length + padding);
  return whole;
}

/** What programs that know no pax see of a name. */
function plainPart(path: string): string {
  return path
    .replace(/[^\x20-\x7e]/g, "_")
    .slice(-80)
    .replace(/^\/+/, "");
}
