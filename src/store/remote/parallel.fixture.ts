/** Large objects on a server that is a function, over a transport that brings bodies piece by piece, several at once. */
import type { Transport, TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import type { BodySink, BucketStore, ObjectInfo, ResolvedRange } from "../object-store.ts";
import { BytesSink } from "../read-bytes.ts";
import { openS3Service, type S3ServiceOptions } from "../s3/index.ts";
import { FakeClock, refusal } from "../s3/scripted.fixture.ts";

export const mebibyte: number = 1024 * 1024;

/** No two places alike, and no two fillings. */
export function filledWith(seed: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(sizeBytes / 4));
  for (let n = 0; n < words.length; n++) words[n] = Math.imul(n + seed, 2654435761);
  return new Uint8Array(words.buffer, 0, sizeBytes);
}

export const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** What a correct server answers. */
export function serveBytes(
  request: TransportRequest,
  whole: Uint8Array,
  etag: string,
  headers: Record<string, string> = {},
): ScriptedAnswer {
  const { range, "if-match": ifMatch } = request.headers;
  if (ifMatch !== undefined && ifMatch !== etag) return refusal(412, "PreconditionFailed");
  const match = /^bytes=(\d+)-(\d+)$/.exec(range ?? "");
  if (match === null) {
    return { status: 200, headers: { "content-length": String(whole.byteLength), etag, ...headers }, body: whole };
  }
  const start = Number(match[1]);
  const end = Math.min(Number(match[2]) + 1, whole.byteLength);
  if (start >= whole.byteLength) return refusal(416, "InvalidRange");
  const given = `bytes ${start}-${end - 1}/${whole.byteLength}`;
  const length = { "content-length": String(end - start), "content-range": given };
  return { status: 206, headers: { ...length, etag }, body: whole.subarray(start, end) };
}

export type Answering = (request: TransportRequest, n: number) => ScriptedAnswer;

export interface Bench {
  readonly bucket: BucketStore;
  readonly requests: readonly TransportRequest[];
  /** Requests that have neither ended nor been given up. */
  open(): number;
}

/** `answer` is asked when a request is sent; with `late`, the answers to ranges come only when the whole has come. */
export function benchOf(
  answer: Answering,
  options: Partial<S3ServiceOptions> & { readonly late?: boolean } = {},
): Bench {
  const requests: TransportRequest[] = [];
  let open = 0;
  let wholes = 0;
  const transport: Transport = {
    async send(request, sink) {
      request.signal?.throwIfAborted();
      requests.push(request);
      open += 1;
      const isWhole = request.headers["range"] === undefined;
      if (isWhole) wholes += 1;
      try {
        const { status, headers = {}, body = "", cut } = answer(request, requests.length);
        const bytes = typeof body === "string" ? Buffer.from(body) : body;
        await turn(request);
        while (options.late === true && !isWhole && wholes > 0) await turn(request);
        sink.head(status, headers);
        const end = Math.min(bytes.byteLength, cut?.afterBytes ?? Number.POSITIVE_INFINITY);
        for (let at = 0; at < end; at += mebibyte) {
          await turn(request);
          await sink.data(bytes.subarray(at, Math.min(at + mebibyte, end)));
        }
        if (cut !== undefined) throw cut.error;
      } finally {
        open -= 1;
        if (isWhole) wholes -= 1;
      }
    },
    async close() {},
  };
  const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" };
  const endpoint = "http://127.0.0.1:9";
  const service = openS3Service({ endpoint, credentials, transport, clock: new FakeClock(), ...options });
  return { bucket: service.bucket("b"), requests, open: () => open };
}

/** The others have their turn; an aborted request ends here, as on a socket. */
async function turn({ signal }: TransportRequest): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}

/** Takes pieces in order only. */
export class OrderedSink implements BodySink {
  readonly restartable: boolean;
  bytes: Uint8Array = new Uint8Array(0);
  starts = 0;
  filled = 0;
  constructor(restartable: boolean) {
    this.restartable = restartable;
  }
  start(_info: ObjectInfo, { start, end }: ResolvedRange): void {
    this.starts++;
    this.filled = 0;
    this.bytes = new Uint8Array(end - start);
  }
  write(chunk: Uint8Array): void {
    this.bytes.set(chunk, this.filled);
    this.filled += chunk.byteLength;
  }
}

/** Takes pieces of any place, each byte once. */
export class PlacesSink extends BytesSink {
  starts = 0;
  readonly #seen = new Set<number>();
  #inOrder: boolean | undefined;
  override start(info: ObjectInfo, range: ResolvedRange): void {
    super.start(info, range);
    this.starts++;
    this.#seen.clear();
    this.#inOrder = undefined;
  }
  override write(chunk: Uint8Array): void {
    this.#only(true);
    super.write(chunk);
  }
  override writeAt(offset: number, chunk: Uint8Array): void {
    this.#only(false);
    if (this.#seen.has(offset)) throw new Error(`byte ${offset} came twice`);
    this.#seen.add(offset);
    super.writeAt(offset, chunk);
  }
  #only(inOrder: boolean): void {
    this.#inOrder ??= inOrder;
    if (this.#inOrder !== inOrder) throw new Error("a read that writes anywhere does not write in order");
  }
}
