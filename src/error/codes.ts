/**
 * The closed list of causes. A code says why something failed, never which call met it;
 * adding one is a change of the public surface.
 */

/** Why a call failed; `isEntrepotError(e, "not-found")` narrows to one of them. */
export type ErrorCode =
  | "invalid-address"
  | "not-found"
  | "already-exists"
  | "not-empty"
  | "forbidden"
  | "unauthenticated"
  | "misconfigured"
  | "unreachable"
  | "not-cached"
  | "timeout"
  | "throttled"
  | "server-error"
  | "protocol"
  | "precondition-failed"
  | "changed"
  | "invalid-range"
  | "truncated"
  | "integrity"
  | "malformed"
  | "limit-exceeded"
  | "no-space"
  | "read-only"
  | "io"
  | "busy"
  | "unsafe-key"
  | "unrepresentable-name"
  | "archived"
  | "unsupported"
  | "missing-peer";

/** What each code means, in one clause; the first sentence of the reference page and of `entrepot doctor`. */
export const errorMeanings: Readonly<Record<ErrorCode, string>> = {
  "invalid-address": "the address cannot name anything",
  "not-found": "the object, folder or bucket does not exist",
  "already-exists": "it exists, and the call may only create",
  "not-empty": "the bucket or folder still holds something",
  forbidden: "the identity is known and may not do this",
  unauthenticated: "there are no credentials, or the server does not accept them",
  misconfigured: "two settings contradict each other, or one has no meaning",
  unreachable: "no connection to the server could be made, or it broke",
  "not-cached": "offline, and there is no local copy of this",
  timeout: "the server was silent for longer than allowed",
  throttled: "the server asks to slow down, and retries did not help",
  "server-error": "the server failed, and retries did not help",
  protocol: "the answer is not what the protocol allows",
  "precondition-failed": "the object is not the version that was asked for",
  changed: "the object was replaced while it was being read",
  "invalid-range": "the range starts beyond the end of the object",
  truncated: "fewer bytes arrived than were announced",
  integrity: "the bytes do not match their checksum",
  malformed: "the bytes are not what their format says",
  "limit-exceeded": "a limit that protects the process was reached",
  "no-space": "the disk is full",
  "read-only": "the disk, the store or the mode does not allow writing",
  io: "the operating system reported an error",
  busy: "someone else holds it",
  "unsafe-key": "the name would leave the folder that it belongs to",
  "unrepresentable-name": "the disk cannot hold an object of this name",
  archived: "the object lies in an archive and must be restored first",
  unsupported: "the server or the address does not offer this",
  "missing-peer": "an optional package is needed and not installed",
};

/** What to do where whoever made the error knew nothing better. */
export const errorAdvice: Readonly<Record<ErrorCode, string>> = {
  "invalid-address": "write s3://bucket/key, a local path such as ./x, or a name under a root",
  "not-found": "keys are case-sensitive and taken literally; list the folder above to see what is there",
  "already-exists": "choose another name, or leave out the condition that it must be new",
  "not-empty": "remove what it holds first",
  forbidden: "use another identity or ask for the permission; public data wants anonymous: true",
  unauthenticated:
    "check the access key, its secret and this machine's clock; entrepot doctor says which identity is used",
  misconfigured: "entrepot doctor shows each setting and who decided it",
  unreachable: 'check the endpoint and the network; local copies are readable with network: "offline"',
  "not-cached": "read it once while online",
  timeout: "try again; check the network between here and the endpoint",
  throttled: "try again later, or with a lower concurrency",
  "server-error": "try again later; if it stays, the server's operator can find the request by its id",
  protocol: "whatever answers there does not speak S3 as documented: check the endpoint, and for a proxy in between",
  "precondition-failed": "read it again and decide anew; update() does that in a loop",
  changed: "read it again; it is being written by someone else",
  "invalid-range": "stat() tells the size; { suffix: n } reads from the end",
  truncated: "try again; if it stays, something between here and the server cuts answers short",
  integrity: "read it again; if it stays, the stored bytes are not what was uploaded",
  malformed: "check that the name says what the bytes are, or pass decompress, encoding or another verb",
  "limit-exceeded": "if you trust the data, raise the limit that the message names",
  "no-space": "free some room; cache.prune({ maxBytes }) gives back what local copies take",
  "read-only": "write somewhere else",
  io: "look at the disk; the cause says what the system reported",
  busy: "try again in a moment",
  "unsafe-key": "such a name is only safe in an object store: copy it under another name",
  "unrepresentable-name": "S3 can hold this name, a disk cannot: copy it under another name",
  archived: "restore it in the store first, then read it",
  unsupported: "another server, address or option may offer it",
  "missing-peer": "install the package that the message names",
};

const retryable: ReadonlySet<ErrorCode> = new Set([
  "unreachable",
  "timeout",
  "throttled",
  "server-error",
  "truncated",
  "busy",
]);

/** Whether the same call may succeed later without anyone changing anything. */
export function isRetryableCode(code: ErrorCode): boolean {
  return retryable.has(code);
}
