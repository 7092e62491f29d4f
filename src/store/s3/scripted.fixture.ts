/** A service whose server is a function and whose time is a number: for tests of what no server does on demand. */
import { EntrepotError } from "../../error/index.ts";
import type { TransportRequest } from "../../net/index.ts";
import { type RecordingTransport, type ScriptedAnswer, scriptTransport } from "../../testing/index.ts";
import type { BodySink, BucketStore, ObjectInfo } from "../object-store.ts";
import type { Clock } from "../retry-policy.ts";
import { openS3Service, type S3Event, type S3Service, type S3ServiceOptions } from "./index.ts";

interface Scripted {
  readonly service: S3Service;
  readonly bucket: BucketStore;
  readonly transport: RecordingTransport;
  readonly clock: FakeClock;
  readonly events: readonly S3Event[];
}

/** Sleeping takes no time, but time passes. */
export class FakeClock implements Clock {
  nowMs = Date.UTC(2026, 10, 22, 12);
  readonly sleptMs: number[] = [];
  now(): number {
    return this.nowMs;
  }
  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleptMs.push(ms);
    this.nowMs += ms;
  }
  random(): number {
    return 0.5;
  }
}

export function scripted(
  answer: (request: TransportRequest, n: number) => ScriptedAnswer | Promise<ScriptedAnswer>,
  options: Partial<S3ServiceOptions> = {},
): Scripted {
  const transport = scriptTransport(answer);
  const clock = new FakeClock();
  const events: S3Event[] = [];
  const service = openS3Service({
    endpoint: "http://127.0.0.1:9",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    transport,
    clock,
    onEvent: (event) => void events.push(event),
    ...options,
  });
  return { service, bucket: service.bucket("b"), transport, clock, events };
}

/** An S3 error answer. */
export function refusal(status: number, code: string, headers: Record<string, string> = {}): ScriptedAnswer {
  return { status, headers, body: `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>m</Message></Error>` };
}

/** A whole object. */
export function object(body: string | Uint8Array, etag: string, headers: Record<string, string> = {}): ScriptedAnswer {
  return { status: 200, headers: { "content-length": String(body.length), etag, ...headers }, body };
}

/** Gathers text; knows how often it was started. */
export class TextSink implements BodySink {
  text = "";
  starts = 0;
  info: ObjectInfo | undefined;
  readonly restartable: boolean;
  constructor(restartable = false) {
    this.restartable = restartable;
  }
  start(info: ObjectInfo): void {
    this.starts++;
    this.text = "";
    this.info = info;
  }
  write(chunk: Uint8Array): void {
    this.text += Buffer.from(chunk).toString("latin1");
  }
}

/** A connection that broke in mid-answer. */
export const broken = () => new EntrepotError("truncated", "the connection was reset");
export const ten = "0123456789";

/** What a correct server answers to a request for `text` under `etag`. */
export function serve(request: TransportRequest, text: string, etag: string): ScriptedAnswer {
  const { range, "if-match": ifMatch } = request.headers;
  if (ifMatch !== undefined && ifMatch !== etag) return refusal(412, "PreconditionFailed");
  const match = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (match === null) return object(text, etag);
  const start = Number(match[1]);
  if (start >= text.length)
    return { ...refusal(416, "InvalidRange"), headers: { "content-range": `bytes */${text.length}` } };
  const end = match[2] === "" ? text.length : Math.min(Number(match[2]) + 1, text.length);
  const headers = {
    "content-range": `bytes ${start}-${end - 1}/${text.length}`,
    "content-length": String(end - start),
    etag,
  };
  return { status: 206, headers, body: text.slice(start, end) };
}
