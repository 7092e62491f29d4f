/**
 * Whether the sizes that an Arrow file or stream says fit what it is: polars makes room for them unseen, and a damaged one ends the
 * process. Metadata are read, and of the data what says how large they are uncompressed.
 */
import { EntrepotError } from "../../error/index.ts";
import { FlatTable } from "./flatbuffer.ts";
import { hasUnknownZone, refuseUnknownKinds } from "./schema-kinds.ts";

export interface ArrowBytes {
  readonly sizeBytes: number;
  /** `[start, end)`. */
  read(start: number, end: number): Promise<Buffer>;
}

const magic = "ARROW1";

/** Whether it names a zone that polars has not. Errors: malformed for sizes that contradict each other, unsupported for kinds that polars has not. */
export async function checkArrowFile(bytes: ArrowBytes, uri: string): Promise<boolean> {
  return checked(uri, async () => {
    const tail = await bytes.read(bytes.sizeBytes - 10, bytes.sizeBytes);
    const end = bytes.sizeBytes - 10 - tail.readInt32LE(0);
    assert(tail.toString("latin1", 4) === magic && end >= 8 && end <= bytes.sizeBytes - 10);
    const footer = FlatTable.root(await bytes.read(end, bytes.sizeBytes - 10));
    const schema = footer.table(1);
    assert(schema !== undefined);
    refuseUnknownKinds(schema, uri);
    const fields = fieldsOf(schema);
    for (const [offset = 0n, length = 0n, body = 0n] of [...footer.numbers(2, 3), ...footer.numbers(3, 3)]) {
      const [start, metaBytes] = [Number(offset), Number(BigInt.asIntN(32, length))];
      assert(offset >= 8n && metaBytes >= 8 && body >= 0n && offset + BigInt(metaBytes) + body <= BigInt(end));
      const said = await bytes.read(start, start + metaBytes);
      const skipped = said.readInt32LE(0) === -1 ? 8 : 4;
      const message = FlatTable.root(said.subarray(skipped));
      await checkMessage(message, fields, { bytes, start: start + metaBytes, sizeBytes: Number(body) });
    }
    return hasUnknownZone(schema);
  });
}

/** As `checkArrowFile`. */
export async function checkArrowStream(bytes: ArrowBytes, uri: string): Promise<boolean> {
  return checked(uri, async () => {
    let fields: readonly Field[] = [];
    let isUnknown = false;
    for (let at = 0; at + 8 <= bytes.sizeBytes; ) {
      const head = await bytes.read(at, at + 8);
      const metaBytes = head.readInt32LE(4);
      assert(head.readInt32LE(0) === -1 && metaBytes >= 0 && at + 8 + metaBytes <= bytes.sizeBytes);
      if (metaBytes === 0) return isUnknown;
      const message = FlatTable.root(await bytes.read(at + 8, at + 8 + metaBytes));
      const body = message.large(3);
      const start = at + 8 + metaBytes;
      assert(body >= 0n && BigInt(start) + body <= BigInt(bytes.sizeBytes));
      const schema = message.small(1) === schemaType ? message.table(2) : undefined;
      if (schema !== undefined) refuseUnknownKinds(schema, uri);
      if (schema !== undefined) fields = fieldsOf(schema);
      else await checkMessage(message, fields, { bytes, start, sizeBytes: Number(body) });
      isUnknown ||= schema !== undefined && hasUnknownZone(schema);
      at = start + Number(body);
    }
    return isUnknown;
  });
}

const [schemaType, dictionaryType, recordType] = [1, 2, 3];
/** Of the types of columns, the ones that take no bytes for each row, or not in the order of rows. */
const [nullType, listTypes] = [1, new Set([12, 16, 17, 21, 25, 26])] as const;
const deepest = 64;

interface Field {
  readonly type: number;
  readonly isCoded: boolean;
  readonly children: readonly Field[];
}

function fieldsOf(schema: FlatTable): readonly Field[] {
  return schema.tables(1).map((field) => fieldOf(field, 0));
}

function fieldOf(field: FlatTable, depth: number): Field {
  assert(depth < deepest);
  const children = field.tables(5).map((child) => fieldOf(child, depth + 1));
  return { type: field.small(2), isCoded: field.table(4) !== undefined, children };
}

interface Body {
  readonly bytes: ArrowBytes;
  readonly start: number;
  readonly sizeBytes: number;
}

async function checkMessage(message: FlatTable, fields: readonly Field[], body: Body): Promise<void> {
  const type = message.small(1);
  assert(type === dictionaryType || type === recordType);
  assert(message.large(3) === BigInt(body.sizeBytes));
  const header = message.table(2);
  const batch = type === dictionaryType ? header?.table(1) : header;
  assert(batch !== undefined);
  const rows = batch.large(0);
  const nodes = batch.numbers(1, 2);
  const isCompressed = batch.table(3) !== undefined;
  await checkBuffers(batch.numbers(2, 2), isCompressed, body);
  // without bits for each of them there is no such number of values
  const most = isCompressed ? BigInt(Number.MAX_SAFE_INTEGER) : 8n * BigInt(body.sizeBytes) + 64n;
  const places = nodes.values();
  let isBounded = false;
  const check = (field: Field, least: bigint | undefined): void => {
    const [length = -1n, nulls = -1n] = places.next().value ?? [];
    assert(length >= 0n && nulls >= 0n && nulls <= length && (least === undefined || length === least));
    const isNull = field.type === nullType && !field.isCoded;
    if (!isNull && field.children.length === 0) {
      assert(length <= most);
      isBounded = true;
    }
    if (field.isCoded) return;
    for (const child of field.children) check(child, listTypes.has(field.type) ? undefined : length);
  };
  // which column a dictionary is of only its number says
  if (type === recordType) for (const field of fields) check(field, rows);
  assert(rows >= 0n && (rows <= most || !isBounded));
  assert(nodes.every(([length = -1n]) => length >= 0n && length <= BigInt(Number.MAX_SAFE_INTEGER)));
  if (type === dictionaryType) assert(nodes.every(([length = 0n]) => length <= most));
  assert(batch.numbers(4).every(([count = -1n]) => count >= 0n && count <= BigInt(batch.numbers(2, 2).length)));
}

/** zstd at its best makes one byte of so many. */
const mostRatio = 40_000n;

async function checkBuffers(buffers: readonly (readonly bigint[])[], isCompressed: boolean, body: Body): Promise<void> {
  for (const [offset = -1n, length = -1n] of buffers) {
    assert(offset >= 0n && length >= 0n && offset + length <= BigInt(body.sizeBytes));
    if (!isCompressed || length === 0n) continue;
    assert(length >= 8n);
    const at = body.start + Number(offset);
    const size = (await body.bytes.read(at, at + 8)).readBigInt64LE(0);
    assert(size >= -1n && size <= mostRatio * length);
  }
}

class Contradiction extends Error {}

function assert(condition: boolean): asserts condition {
  if (!condition) throw new Contradiction();
}

/** What reads a file by what it says. Error: malformed where that leads out of it. */
export async function checked<T>(uri: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Contradiction || error instanceof RangeError)) throw error;
    throw new EntrepotError("malformed", `${uri} is a damaged Arrow file: its sizes contradict each other`, {
      uri,
      hint: "was it written to its end? copy it anew from where it was made",
    });
  }
}
