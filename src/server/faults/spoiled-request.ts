/** A request as an operation under a fault sees it: without some of its headers, or with a body that breaks off or crawls. */
import { type ResolvedByteRange, resolveRange } from "../object/byte-range.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import { withHeader, withoutHeaders } from "../request/rewrite-request.ts";
import type { FaultEffect } from "./fault.ts";
import type { Spoiling } from "./spoiling.ts";

/** The connection is to be broken while the body is still coming. */
export class UploadBroken extends Error {
  override readonly name = "UploadBroken";
}

/** `signal` ends waits. */
export function spoilRequest(
  request: IncomingRequest,
  { effect, link }: Spoiling,
  objectBytes: number | undefined,
  signal: () => AbortSignal,
): IncomingRequest {
  const spoiled = effect === undefined ? request : underEffect(request, effect, objectBytes);
  if (link === undefined) return spoiled;
  return { ...spoiled, body: (quietly) => slowed(spoiled.body(quietly), (bytes) => link.pass(bytes, signal())) };
}

function underEffect(request: IncomingRequest, effect: FaultEffect, objectBytes: number | undefined): IncomingRequest {
  if ("ignoreRange" in effect) return withoutHeaders(request, (name) => name === "range");
  if ("ignoreConditions" in effect) {
    const ignored = conditions(effect.ignoreConditions);
    return withoutHeaders(request, (name) => ignored.has(name));
  }
  if ("shiftRange" in effect) {
    const range = shiftedRange(request, effect.shiftRange, objectBytes);
    return range === undefined ? request : withHeader(request, "range", range);
  }
  if ("noContinue" in effect) return { ...request, body: () => request.body(true) };
  if ("resetUploadAfterBytes" in effect) {
    return { ...request, body: () => breakAfter(request.body(), effect.resetUploadAfterBytes) };
  }
  return request;
}

/** The range that a request asks for, where it asks for one that the object has. */
export function askedRange(request: IncomingRequest, objectBytes: number | undefined): ResolvedByteRange | undefined {
  const range = objectBytes === undefined ? undefined : resolveRange(request.header("range"), objectBytes);
  return range === "unsatisfiable" ? undefined : range;
}

/** As long a range that begins elsewhere; undefined when the object has none. */
function shiftedRange(request: IncomingRequest, by: number, objectBytes: number | undefined): string | undefined {
  const range = askedRange(request, objectBytes);
  if (range === undefined || objectBytes === undefined) return undefined;
  const places = objectBytes - (range.end - range.start) + 1;
  if (places < 2) return undefined;
  const start = (range.start + (by % places === 0 ? 1 : by)) % places;
  return `bytes=${start}-${start + range.end - range.start - 1}`;
}

function conditions(which: true | "if-match" | "if-none-match"): ReadonlySet<string> {
  const names = which === true ? ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"] : [which];
  return new Set(names.flatMap((name) => [name, `x-amz-copy-source-${name}`]));
}

async function* breakAfter(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of body) {
    seen += chunk.length;
    if (seen >= bytes) throw new UploadBroken();
    yield chunk;
  }
}

async function* slowed(
  body: AsyncIterable<Uint8Array>,
  pass: (bytes: number) => Promise<boolean>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    await pass(chunk.length);
    yield chunk;
  }
}
