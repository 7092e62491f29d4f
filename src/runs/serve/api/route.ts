/** One operation of the API as a value: what it takes, who may ask, what it answers. The table of them serves and is the document. */
import type { Depot } from "../../../depot/index.ts";
import type { Bytes } from "../../../store/index.ts";
import type { RunRecord, RunStore, TokenRole } from "../../store/index.ts";
import type { Sessions } from "../guard/sessions.ts";
import type { Streams } from "../guard/streams.ts";
import type { Caller } from "../guard/who.ts";
import type { Fields, JsonSchema, ObjectOf, Shape } from "./shape.ts";

/** What operations work with. */
export interface World {
  readonly data: Depot;
  readonly store: RunStore;
  readonly sessions: Sessions;
  readonly streams: Streams;
  readonly isReadOnly: boolean;
  /** Aborted when the server closes. */
  readonly closing: AbortSignal;
  /** After a run was started or tried again. */
  readonly onStart: (runId: string) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Calls `work` every so many milliseconds until the function that it gives is called. */
  readonly every: (ms: number, work: () => void) => () => void;
  /** `Set-Cookie` for a session, or to forget it. */
  readonly cookie: (session: string | undefined) => string;
}

/**
 * Which models' things it touches, checked before it runs. `run`: the run of the path, which is read for it; `model`: the model of the
 * path; `all`: only for who may see all models; `own`: the operation itself asks only for what the caller may see.
 */
export type Scope = "run" | "model" | "all" | "own";

export interface ApiCall<P extends Fields, Q extends Fields, B> {
  readonly path: ObjectOf<P>;
  readonly query: ObjectOf<Q>;
  readonly body: B;
  /** Of a scope `run`. */
  readonly run: RunRecord;
  readonly caller: Caller;
  readonly request: Request;
  readonly world: World;
  /** Aborted when the client goes or the server closes. */
  readonly signal: AbortSignal;
}

/** A body of plain bytes. */
export interface BytesBody {
  readonly bytes: number;
}

export interface Answer {
  readonly status: 200 | 201 | 204;
  readonly description: string;
  /** Of a JSON answer. */
  readonly shape?: Shape<unknown> | undefined;
  /** Of one that is no JSON. */
  readonly contentType?: string | undefined;
  /** The field of it that `If-Match` takes, said as `ETag`, too. */
  readonly etag?: "etag" | "sha256" | undefined;
}

interface RouteSpec<P extends Fields, Q extends Fields, B> {
  /** What the document and clients made from it call it. */
  readonly id: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api/v1`, with `{name}` for parameters. */
  readonly at: string;
  readonly summary: string;
  /** `none`: anybody who reaches the server. */
  readonly role: TokenRole | "none";
  readonly scope: Scope;
  readonly path?: P;
  readonly query?: Q;
  /** Headers that it reads, for the document. */
  readonly headers?: Readonly<Record<string, JsonSchema>>;
  readonly body?: Shape<B> | BytesBody;
  /** Of a body of JSON. Default 1 MiB. */
  readonly mostBodyBytes?: number;
  readonly answer: Answer;
  /** Whether a failure of a bucket, not of us, may be the answer. */
  readonly reachesBuckets?: boolean;
  /** A value is answered as JSON. */
  run(call: ApiCall<P, Q, B>): Promise<unknown>;
}

export type Route = Omit<RouteSpec<Fields, Fields, never>, "run" | "path" | "query" | "body"> & {
  readonly path: Fields;
  readonly query: Fields;
  readonly body: Shape<unknown> | BytesBody | undefined;
  run(call: ApiCall<Fields, Fields, unknown>): Promise<unknown>;
};

/** Checks the types of an operation, then forgets them. */
export function route<const P extends Fields = {}, const Q extends Fields = {}, B = undefined>(
  spec: RouteSpec<P, Q, B>,
): Route {
  return { ...spec, path: spec.path ?? {}, query: spec.query ?? {}, body: spec.body } as unknown as Route;
}

/** As `route`, for one that takes bytes. */
export function bytesRoute<const P extends Fields = {}, const Q extends Fields = {}>(
  spec: Omit<RouteSpec<P, Q, Bytes>, "body"> & { readonly body: BytesBody },
): Route {
  return route(spec);
}

export function isBytesBody(body: Route["body"]): body is BytesBody {
  return body !== undefined && "bytes" in body;
}
