/**
 * The smallest S3 that takes uploads in parts, of any size, in this process: for what no real server does on demand. What a request
 * meets is decided by a function.
 */
import { createHash } from "node:crypto";
import { EntrepotError } from "../../error/index.ts";
import type { ResponseSink, Transport, TransportRequest } from "../../net/index.ts";
import type { ScriptedAnswer } from "../../testing/index.ts";
import type { BucketStore } from "../object-store.ts";
import { openS3Service, type S3ServiceOptions, type UploadOptions } from "./index.ts";
import { FakeClock, refusal } from "./scripted.fixture.ts";

export type Operation = "Create" | "Part" | "Complete" | "Abort" | "Put" | "Head";

/** What becomes of a request: an answer in its place, done without an answer, broken before it is done, or nothing special. */
export type Spoiling = ScriptedAnswer | "lose" | "break" | undefined;

export interface Seen {
  readonly operation: Operation;
  readonly number: number | undefined;
  readonly request: TransportRequest;
  readonly body: Buffer;
}

interface Stored {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly mark: string | undefined;
}

export class PartedS3 implements Transport {
  readonly seen: Seen[] = [];
  readonly objects = new Map<string, Stored>();
  readonly uploads = new Map<string, { readonly mark: string | undefined; readonly parts: Map<number, Buffer> }>();
  /** Bodies that are being sent now, and the most there were. */
  running = 0;
  most = 0;
  readonly #spoil: (seen: Seen, n: number) => Spoiling | Promise<Spoiling>;
  #ids = 0;

  constructor(spoil: (seen: Seen, n: number) => Spoiling | Promise<Spoiling> = () => undefined) {
    this.#spoil = spoil;
  }

  /** The names of the operations, in order. */
  get operations(): string[] {
    return this.seen.map(({ operation, number }) => (number === undefined ? operation : `${operation} ${number}`));
  }

  async send(request: TransportRequest, sink: ResponseSink): Promise<void> {
    request.signal?.throwIfAborted();
    // What explains a refusal to HEAD: the bucket is there, the object is not.
    if (request.method === "GET") return deliver(refusal(404, "NoSuchKey"), sink);
    this.running += 1;
    this.most = Math.max(this.most, this.running);
    try {
      const body = await bodyOf(request.body);
      request.signal?.throwIfAborted();
      const query = new URLSearchParams(request.path.split("?")[1]);
      const number = query.has("partNumber") ? Number(query.get("partNumber")) : undefined;
      const seen: Seen = { operation: operationOf(request, query), number, request, body };
      this.seen.push(seen);
      const spoiling = await this.#spoil(seen, this.seen.length);
      request.signal?.throwIfAborted();
      if (spoiling === "break") throw new EntrepotError("unreachable", "the connection was reset");
      const answer = typeof spoiling === "object" ? spoiling : this.#answer(seen, query);
      if (spoiling === "lose") throw new EntrepotError("unreachable", "the connection broke before an answer came");
      await deliver(answer, sink);
    } finally {
      this.running -= 1;
    }
  }

  async close(): Promise<void> {}

  #answer({ operation, number = 0, request, body }: Seen, query: URLSearchParams): ScriptedAnswer {
    const key = request.path.split("?")[0] ?? "";
    const mark = request.headers["x-amz-meta-entrepot-write"];
    const id = query.get("uploadId") ?? "";
    const upload = this.uploads.get(id);
    const there = this.objects.get(key);
    if (operation === "Head") {
      if (there === undefined) return { status: 404 };
      const marked = there.mark === undefined ? {} : { "x-amz-meta-entrepot-write": there.mark };
      return {
        status: 200,
        headers: { etag: there.etag, "content-length": String(there.bytes.byteLength), ...marked },
      };
    }
    if (operation === "Create") {
      this.#ids += 1;
      this.uploads.set(`id${this.#ids}`, { mark, parts: new Map() });
      const element = `<UploadId>id${this.#ids}</UploadId>`;
      return {
        status: 200,
        body: `<InitiateMultipartUploadResult>${element}</InitiateMultipartUploadResult>`,
      };
    }
    if (operation !== "Put" && upload === undefined) return refusal(404, "NoSuchUpload");
    if (operation === "Part") {
      upload?.parts.set(number, body);
      return { status: 200, headers: { etag: `"${md5(body)}"` } };
    }
    if (operation === "Abort") {
      this.uploads.delete(id);
      return { status: 204 };
    }
    if (request.headers["if-none-match"] !== undefined && there !== undefined)
      return refusal(412, "PreconditionFailed");
    if (request.headers["if-match"] !== undefined && request.headers["if-match"] !== there?.etag)
      return refusal(412, "PreconditionFailed");
    const bytes = operation === "Put" ? body : Buffer.concat(this.#named(body, upload?.parts ?? new Map()));
    const etag = `"${md5(bytes)}"`;
    this.objects.set(key, { bytes, etag, mark: upload === undefined ? mark : upload.mark });
    this.uploads.delete(id);
    if (operation === "Put") return { status: 200, headers: { etag } };
    const element = `<ETag>${etag.replaceAll('"', "&quot;")}</ETag>`;
    return { status: 200, body: `<CompleteMultipartUploadResult>${element}</CompleteMultipartUploadResult>` };
  }

  #named(document: Buffer, parts: ReadonlyMap<number, Buffer>): Buffer[] {
    return [...document.toString().matchAll(/<PartNumber>(\d+)</g)].map((match) => {
      const part = parts.get(Number(match[1]));
      if (part === undefined) throw new Error(`no part ${match[1]}`);
      return part;
    });
  }
}

/** A bucket there, with parts of ten bytes. */
export function openParted(
  server: Transport,
  uploads: UploadOptions = {},
  options: Partial<S3ServiceOptions> = {},
): BucketStore {
  return openS3Service({
    endpoint: "http://127.0.0.1:9",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    transport: server,
    clock: new FakeClock(),
    uploads: { singleBytes: 10, partBytes: 10, bufferBytes: 40, parallelParts: 3, ...uploads },
    ...options,
  }).bucket("b");
}

async function deliver({ status, headers = {}, body = "" }: ScriptedAnswer, sink: ResponseSink): Promise<void> {
  sink.head(status, headers);
  const bytes = Buffer.from(body);
  if (bytes.byteLength > 0) await sink.data(bytes);
}

function operationOf({ method }: TransportRequest, query: URLSearchParams): Operation {
  if (method === "HEAD") return "Head";
  if (method === "DELETE") return "Abort";
  if (method === "POST") return query.has("uploads") ? "Create" : "Complete";
  return query.has("partNumber") ? "Part" : "Put";
}

async function bodyOf(body: TransportRequest["body"]): Promise<Buffer> {
  if (body === undefined || body instanceof Uint8Array) return Buffer.from(body ?? []);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
