/** Archives byte by byte, with nothing that checks them: what no honest program writes. */
import { crc32, deflateRawSync } from "node:zlib";

export interface RawTarEntry {
  readonly name: string | Uint8Array;
  readonly type?: string;
  readonly link?: string;
  readonly mode?: number;
  readonly body?: Uint8Array | string;
  /** What the header claims. */
  readonly size?: number | string;
}

const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, "0")}\0`;

export function tarHeader({ name, type = "0", link = "", mode = 0o644, body = "", size }: RawTarEntry): Buffer {
  const block = Buffer.alloc(512);
  const bytes = Buffer.from(name as string);
  bytes.copy(block, 0, 0, 100);
  block.write(octal(mode, 8), 100, "latin1");
  block.write(octal(0, 8), 108, "latin1");
  block.write(octal(0, 8), 116, "latin1");
  block.write(typeof size === "string" ? size : octal(size ?? Buffer.from(body).length, 12), 124, "latin1");
  block.write(octal(1_700_000_000, 12), 136, "latin1");
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write(link, 157, "utf8");
  block.write("ustar\x0000", 257, "latin1");
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
    "latin1",
  );
  return block;
}

export function rawTar(entries: readonly RawTarEntry[], end = 1024): Buffer {
  const parts = entries.flatMap((entry) => {
    const body = Buffer.from(entry.body ?? "");
    return [tarHeader(entry), body, Buffer.alloc(-body.length & 511)];
  });
  return Buffer.concat([...parts, Buffer.alloc(end)]);
}

export interface RawZipEntry {
  readonly name: string | Uint8Array;
  readonly body?: Uint8Array | string;
  readonly method?: number;
  readonly flags?: number;
  /** Permissions and type of a Unix file. */
  readonly mode?: number;
  /** What the headers claim; by default what is true. */
  readonly sizeBytes?: number;
  readonly packedBytes?: number;
  readonly crc?: number;
  readonly localName?: string;
  readonly localSize?: number;
  /** Bytes after the body. */
  readonly after?: Uint8Array;
  /** Shares the bytes of the first entry. */
  readonly at?: number;
  /** In the index. */
  readonly comment?: Uint8Array;
}

const u16 = (value: number) => Buffer.from([value & 255, (value >>> 8) & 255]);
const u32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
};

export function rawZip(
  entries: readonly RawZipEntry[],
  { count = entries.length, start = undefined as number | undefined, comment = "" } = {},
): Buffer {
  const parts: Buffer[] = [];
  const index: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const plain = Buffer.from(entry.body ?? "");
    const { method = 0, flags = 0, mode } = entry;
    const packed = method === 8 ? deflateRawSync(plain, { level: 9 }) : plain;
    const name = Buffer.from(entry.name as string);
    const localName = entry.localName === undefined ? name : Buffer.from(entry.localName);
    const crc = entry.crc ?? crc32(plain);
    const sizes = [entry.packedBytes ?? packed.length, entry.sizeBytes ?? plain.length] as const;
    const local = Buffer.concat([
      u32(0x04034b50),
      u16(20),
      u16(flags),
      u16(method),
      u16(0),
      u16(0x21),
      ...((flags & 8) !== 0 ? [u32(0), u32(0), u32(0)] : [u32(crc), u32(sizes[0]), u32(entry.localSize ?? sizes[1])]),
      u16(localName.length),
      u16(0),
      localName,
      packed,
      Buffer.from(entry.after ?? ""),
    ]);
    index.push(
      Buffer.concat([
        u32(0x02014b50),
        u16((3 << 8) | 20),
        u16(20),
        u16(flags),
        u16(method),
        u16(0),
        u16(0x21),
        u32(crc),
        u32(sizes[0]),
        u32(sizes[1]),
        u16(name.length),
        u16(0),
        u16(entry.comment?.length ?? 0),
        u16(0),
        u16(0),
        u32(mode === undefined ? 0 : mode * 65536),
        u32(entry.at ?? at),
        name,
        Buffer.from(entry.comment ?? ""),
      ]),
    );
    if (entry.at !== undefined) continue;
    parts.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(index);
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(count),
    u16(count),
    u32(directory.length),
    u32(start ?? at),
    u16(comment.length),
    Buffer.from(comment),
  ]);
  return Buffer.concat([...parts, directory, end]);
}
