/** Arrow tables of flechette and of apache-arrow, known by their shape: the buffers that hold them and what these mean. */

export interface ArrowParts {
  readonly flavour: "flechette" | "apache";
  /** Names, types and metadata of the columns. */
  readonly schema: string;
  /** In an order that follows from the schema. */
  buffers(): Iterable<string | ArrayBufferView>;
}

interface FlechetteBatch {
  readonly length: number;
  readonly nullCount: number;
  readonly children?: readonly FlechetteBatch[] | undefined;
  readonly dictionary?: FlechetteColumn | undefined;
}

interface FlechetteColumn {
  readonly data: readonly FlechetteBatch[];
}

interface ApacheData {
  readonly type: unknown;
  readonly length: number;
  readonly offset: number;
  readonly nullCount: number;
  readonly children?: readonly ApacheData[] | undefined;
  readonly dictionary?: { readonly data: readonly ApacheData[] } | undefined;
}

interface TableShape {
  readonly schema: { readonly fields: readonly unknown[] };
  readonly children?: readonly FlechetteColumn[] | undefined;
  readonly batches?: readonly { readonly data: ApacheData }[] | undefined;
}

/** `undefined` for what is no table. */
export function arrowParts(value: object): ArrowParts | undefined {
  if ((value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] !== "Table") return undefined;
  const { schema, children, batches } = value as TableShape;
  if (!Array.isArray(schema?.fields)) return undefined;
  if (Array.isArray(batches))
    return { flavour: "apache", schema: described(schema), buffers: () => apacheBuffers(batches) };
  if (!Array.isArray(children)) return undefined;
  return { flavour: "flechette", schema: described(schema), buffers: () => flechetteBuffers(children) };
}

const flechetteNames = ["validity", "values", "offsets", "sizes", "typeIds"] as const;
const apacheNames = ["nullBitmap", "values", "valueOffsets", "typeIds"] as const;

function* flechetteBuffers(columns: readonly FlechetteColumn[]): Iterable<string | ArrayBufferView> {
  for (const { data } of columns) {
    yield `column of ${data.length}`;
    for (const batch of data) yield* flechetteBatch(batch);
  }
}

function* flechetteBatch(batch: FlechetteBatch): Iterable<string | ArrayBufferView> {
  // what a value becomes, a number, a Date or a bigint, is a matter of the batch's class
  yield `${batch.constructor.name} of ${batch.length}, ${batch.nullCount} null`;
  yield* named(batch, flechetteNames);
  for (const child of batch.children ?? []) yield* flechetteBatch(child);
  if (batch.dictionary !== undefined) yield* flechetteBuffers([batch.dictionary]);
}

function* apacheBuffers(batches: readonly { readonly data: ApacheData }[]): Iterable<string | ArrayBufferView> {
  for (const { data } of batches) yield* apacheData(data);
}

function* apacheData(data: ApacheData): Iterable<string | ArrayBufferView> {
  yield `${data.type} of ${data.length} from ${data.offset}, ${data.nullCount} null`;
  yield* named(data, apacheNames);
  for (const child of data.children ?? []) yield* apacheData(child);
  for (const words of data.dictionary?.data ?? []) yield* apacheData(words);
}

function* named(holder: object, names: readonly string[]): Iterable<string | ArrayBufferView> {
  for (const name of names) {
    const buffer = (holder as Readonly<Record<string, unknown>>)[name];
    // of numbers that are no machine's own, a batch may hold an array of values
    if (ArrayBuffer.isView(buffer)) yield* [`${name} ${buffer.constructor.name}`, buffer];
    else if (buffer !== undefined && buffer !== null) yield `${name} ${described(buffer)}`;
  }
}

function described(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "function") return `function ${part.name}`;
    if (typeof part === "bigint") return `${part}n`;
    return part instanceof Map ? ["map", ...part] : part;
  });
}
