/** Which requests of a log are meant. A misspelt name would match nothing and turn a test green: it is a TypeError. */
import { closest, mistakeIn } from "../error/index.ts";
import { operationNames, type RecordedRequest, requestMethods, type TextPattern, textTest } from "../server/index.ts";

/** All that is given must hold. */
export interface RequestMatch {
  readonly method?: "GET" | "PUT" | "HEAD" | "POST" | "DELETE" | undefined;
  /** By S3's name, e.g. `GetObject`. */
  readonly operation?: string | undefined;
  readonly bucket?: string | undefined;
  /**
   * As in faults: a glob over the whole key (`a/*` for what lies in `a/`, `a/**` for all below it, `\\*` for a star), or a regular
   * expression that is searched in it. Requests about buckets have the key `""`.
   */
  readonly key?: TextPattern | undefined;
  /** 0 while there is no answer. */
  readonly status?: number | undefined;
  readonly errorCode?: string | undefined;
  readonly where?: ((request: RecordedRequest) => boolean) | undefined;
}

/** A method (`"GET"`), an operation (`"GetObject"`), or more than one of a request's properties. */
export type RequestSelector = string | RequestMatch;

const methods: ReadonlySet<string> = new Set(requestMethods);
const fieldNames: ReadonlySet<string> = new Set<keyof RequestMatch>([
  "method",
  "operation",
  "bucket",
  "key",
  "status",
  "errorCode",
  "where",
]);

/** Whether the word is a method; an operation otherwise. Error: TypeError for neither. */
export function isMethod(what: string, word: string): boolean {
  if (methods.has(word)) return true;
  const known = operationNames();
  if (known.has(word)) return false;
  const near = closest(word, [...methods, ...known]);
  const meant = near === undefined ? 'they are such as "GET" and "GetObject"' : `did you mean ${JSON.stringify(near)}?`;
  throw new TypeError(`${what}: ${JSON.stringify(word)} is neither a method nor an operation: ${meant}`);
}

/** `what` is the call that asks, for messages. Error: TypeError. */
export function requestFilter(what: string, selector: RequestSelector): (request: RecordedRequest) => boolean {
  if (typeof selector === "string") {
    const field = isMethod(what, selector) ? "method" : "operation";
    return (request) => request[field] === selector;
  }
  const mistake = mistakeIn(what, selector, fieldNames);
  if (mistake !== undefined) throw mistake;
  const { method, operation, bucket, key, status, errorCode, where } = selector;
  if (method !== undefined && !isMethod(what, method)) throw new TypeError(`${what}: ${method} is no method`);
  if (operation !== undefined && isMethod(what, operation))
    throw new TypeError(`${what}: ${operation} is no operation`);
  if (status !== undefined && !Number.isSafeInteger(status))
    throw new TypeError(`${what}: status is a number, not ${JSON.stringify(status)}`);
  for (const [name, value] of Object.entries({ bucket, errorCode }))
    if (value !== undefined && typeof value !== "string") throw new TypeError(`${what}: ${name} is a string`);
  const isKey = keyFilter(what, key);
  // Unlike a key, it is no pattern.
  if (bucket !== undefined && /[*?{}]/.test(bucket)) {
    throw new TypeError(`${what}: bucket is the name of one, not ${JSON.stringify(bucket)}`);
  }
  if (where !== undefined && typeof where !== "function") throw new TypeError(`${what}: where is a function`);
  return (request) =>
    (method === undefined || request.method === method) &&
    (operation === undefined || request.operation === operation) &&
    (bucket === undefined || request.bucket === bucket) &&
    (isKey === undefined || isKey(request.key)) &&
    (status === undefined || request.status === status) &&
    (errorCode === undefined || request.errorCode === errorCode) &&
    (where === undefined || where(request));
}

/** What is asked for, in a few words. */
export function selectorText(selector: RequestSelector): string {
  if (typeof selector === "string") return selector;
  const fields = Object.entries(selector).filter(([, value]) => value !== undefined);
  if (fields.length === 0) return "any request";
  return fields.map(([name, value]) => `${name} ${typeof value === "function" ? "…" : String(value)}`).join(", ");
}

function keyFilter(what: string, key: unknown): ((key: string) => boolean) | undefined {
  if (key === undefined) return undefined;
  if (typeof key === "string" || key instanceof RegExp) return textTest(key);
  throw new TypeError(`${what}: key is a glob or a regular expression`);
}
