/** A request as an operation under a fault sees it: without its Range header, or with a body that breaks off. */
import type { FaultEffect } from "./fault.ts";
import type { IncomingRequest } from "./incoming-request.ts";

/** The connection is to be broken while the body is still coming. */
export class UploadBroken extends Error {
  override readonly name = "UploadBroken";
}

export function spoilRequest(request: IncomingRequest, effect: FaultEffect): IncomingRequest {
  if ("ignoreRange" in effect) return withoutHeader(request, "range");
  if ("resetUploadAfterBytes" in effect) {
    return { ...request, body: () => breakAfter(request.body(), effect.resetUploadAfterBytes) };
  }
  return request;
}

function withoutHeader(request: IncomingRequest, hidden: string): IncomingRequest {
  return {
    ...request,
    header: (name) => (name === hidden ? undefined : request.header(name)),
    headerLines: (name) => (name === hidden ? [] : request.headerLines(name)),
    headerNames: () => request.headerNames().filter((name) => name !== hidden),
  };
}

async function* breakAfter(body: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of body) {
    seen += chunk.length;
    if (seen >= bytes) throw new UploadBroken();
    yield chunk;
  }
}
