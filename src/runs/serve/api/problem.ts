/** Failures as `application/problem+json` (RFC 9457): our code, what happened, what to do; never a stack, a cause or a secret. */
import { type EntrepotError, type ErrorCode, isEntrepotError, redact } from "../../../error/index.ts";
import { ChangedMeanwhile, isUnfit } from "../../store/index.ts";

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** A code of EntrepotError, or `invalid-request`, or `internal`. */
  readonly code: string;
  readonly hint?: string | undefined;
}

/** A refusal of the API itself. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: ErrorCode | "invalid-request";
  readonly hint: string | undefined;

  constructor(status: number, code: ErrorCode | "invalid-request", message: string, hint?: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

const titles: Readonly<Record<number, string>> = {
  400: "Bad request",
  401: "Sign in first",
  403: "Forbidden",
  404: "Not found",
  405: "Method not allowed",
  408: "Too slow",
  409: "Conflict",
  412: "Changed meanwhile",
  413: "Too large",
  415: "Unsupported kind of body",
  421: "Misdirected request",
  422: "Not what its format says",
  429: "Too much at once",
  500: "Internal error",
  502: "The bucket failed the server",
  503: "Busy",
};

/** Of a failure of the database and what we did with it. */
const ownStatus: Partial<Record<ErrorCode, number>> = {
  "invalid-address": 400,
  "unsafe-key": 400,
  "unrepresentable-name": 400,
  "invalid-range": 400,
  misconfigured: 400,
  "not-found": 404,
  forbidden: 403,
  "read-only": 403,
  "already-exists": 409,
  "not-empty": 409,
  "precondition-failed": 409,
  changed: 409,
  "limit-exceeded": 413,
  malformed: 422,
  unsupported: 422,
  busy: 503,
  "missing-peer": 503,
  unreachable: 503,
  timeout: 503,
};

/** Of a bucket: who asks us is signed in, whatever the bucket thinks of us. */
const bucketStatus: Partial<Record<ErrorCode, number>> = {
  "not-found": 404,
  changed: 409,
  "precondition-failed": 409,
  "limit-exceeded": 413,
  malformed: 422,
  unsupported: 422,
};

/** `undefined` where it is our own failure, which is to be told to whoever runs the server. */
export function problemOf(error: unknown, reachesBuckets = false): Problem | undefined {
  if (error instanceof Refusal) return problem(error.status, error.code, error.message, error.hint);
  if (error instanceof ChangedMeanwhile) return problem(412, error.code, error.message, error.hint);
  if (isEntrepotError(error)) return reachesBuckets ? bucketProblem(error) : databaseProblem(error);
  // of names, numbers and contents that cannot be; any other TypeError or RangeError is a defect of ours
  if (isUnfit(error)) return problem(400, "invalid-request", error.message);
  return undefined;
}

function databaseProblem({ code, message, hint }: EntrepotError): Problem | undefined {
  const status = ownStatus[code];
  // where the database is, is nobody's business who may not even be signed in
  if (status === 503 && code !== "missing-peer")
    return problem(status, code, "the database of runs does not answer; try again in a while");
  return status === undefined ? undefined : problem(status, code, message, hint);
}

/** A bucket that fails this server says nothing of who asks, who would take "forbidden" for themselves. */
function bucketProblem({ code, message, hint }: EntrepotError): Problem {
  const status = bucketStatus[code];
  if (status !== undefined) return problem(status, code, message, hint);
  const why = isRefusal(code)
    ? "the bucket of the outputs does not let this server in"
    : code === "unreachable" || code === "timeout"
      ? "this server does not reach the bucket of the outputs"
      : "the bucket of the outputs did not answer this server as it should";
  return problem(502, code, `${why}: ${message}`, "it is for whoever runs the server to mend; your token is good");
}

function isRefusal(code: ErrorCode): boolean {
  return code === "forbidden" || code === "unauthenticated" || code === "misconfigured";
}

/** Nothing of what failed, but the number under which whoever runs the server finds it. */
export function internalProblem(requestId: string): Problem {
  return problem(500, "internal", `the server failed; whoever runs it finds the reason by request ${requestId}`);
}

export function problemResponse(body: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { ...headers, "Content-Type": "application/problem+json" },
  });
}

function problem(status: number, code: string, detail: string, hint?: string): Problem {
  return {
    type: `urn:entrepot:${code}`,
    title: titles[status] ?? "Failed",
    status,
    detail: redact(detail),
    code,
    ...(hint === undefined ? {} : { hint }),
  };
}
