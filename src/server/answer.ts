/** What an operation answers, before it is put on the wire. */
import type { BlobBytes } from "./storage/storage.ts";
import type { Xml } from "./xml/xml-writer.ts";

export interface Answer {
  readonly status: number;
  /** Names in lower case. `content-length` is needed for streamed bodies and for HEAD only. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: BlobBytes | string | undefined;
  /** Called when the body has been sent, or never will be. */
  readonly release?: (() => void) | undefined;
}

/** A document. */
export function xmlAnswer(body: Xml, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status: 200, headers: { "content-type": "application/xml", ...headers }, body };
}

/** Nothing but headers. */
export function emptyAnswer(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { ...(status === 204 ? {} : { "content-length": "0" }), ...headers } };
}

/** Entity tags travel in quotes. */
export function quoted(etag: string): string {
  return `"${etag}"`;
}
