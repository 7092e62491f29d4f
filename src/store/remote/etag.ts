/**
 * What an ETag proves. Only a strong one of the server's own tells two versions apart; a weak one, an empty one, or one that is
 * made up here where the server gives none, does not.
 */
import { EntrepotError } from "../../error/index.ts";
import type { ResponseHeaders } from "../../net/index.ts";

const inventedStart = 'W/"entrepot-';

/**
 * For servers that give no ETag: changes when the time of the last change or the size does, and begins with `W/"entrepot-`. Empty
 * when even that is unknown.
 */
export function inventedEtag(headers: ResponseHeaders, sizeBytes: number): string {
  const modified = headers["last-modified"];
  return modified === undefined ? "" : `${inventedStart}${sizeBytes}-${modified.replace(/[^A-Za-z0-9]+/g, "-")}"`;
}

const queuedStart = `${inventedStart}queued-`;

/** For what waits to be sent. `name` is never the same twice; letters and digits. */
export function queuedEtag(name: string): string {
  return `${queuedStart}${name}"`;
}

/** Whether it was given by `queuedEtag`, so that no server knows it. */
export function isQueuedEtag(etag: string): boolean {
  return etag.startsWith(queuedStart);
}

/** Whether the server has given an ETag, of whatever kind: nothing else can be sent back to it. */
export function isServersEtag(etag: string): boolean {
  return etag !== "" && etag !== '""' && !etag.startsWith(inventedStart);
}

/** Whether two answers with this ETag hold the same bytes. */
export function isStrongEtag(etag: string): boolean {
  return etag !== "" && etag !== '""' && !etag.startsWith("W/");
}

/** Errors: unsupported, for a change under a condition that the server could not check; precondition-failed for what only waited. */
export function checkSwappable(etag: string | undefined, uri: string): void {
  if (etag === undefined || isServersEtag(etag)) return;
  if (isQueuedEtag(etag)) {
    const hint = "Read the object again and decide anew with its present ETag.";
    throw new EntrepotError("precondition-failed", `${uri} is not the queued version that was asked for`, {
      uri,
      hint,
    });
  }
  throw new EntrepotError("unsupported", `${uri}: the server gives no ETags, so it cannot change just one version`, {
    uri,
    hint: "Leave ifMatch out if nobody else writes this object; update() needs a server that gives ETags.",
  });
}

/** Error: unsupported, for a part of just one version where nothing tells versions apart. */
export function checkPinnable(etag: string | undefined, uri: string): void {
  if (etag === undefined || isStrongEtag(etag)) return;
  throw new EntrepotError(
    "unsupported",
    `${uri}: the server gives no strong ETag, so parts cannot be told to be of one version`,
    {
      uri,
      hint: "Read the object whole, in one request.",
    },
  );
}
