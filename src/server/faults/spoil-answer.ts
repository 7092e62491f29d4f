/** The same answer with something wrong in it: in its headers, in its bytes, in what it says of itself. */
import { gzipSync } from "node:zlib";
import type { Answer } from "../answer.ts";
import { quoted } from "../answer.ts";
import type { Call } from "../operation.ts";
import { piecesOf, wholeOf } from "../storage/blob-bytes.ts";
import type { FaultEffect } from "./fault.ts";
import { spoilListing } from "./spoil-listing.ts";
import { askedRange } from "./spoiled-request.ts";

/** `call` is what the client asked for, before the fault changed it. Every length is announced in the headers, unless the fault forbids it. */
export async function spoilAnswer(
  answer: Answer,
  effect: FaultEffect,
  call: Call,
  objectBytes: number | undefined,
): Promise<Answer> {
  if ("listing" in effect) {
    if (typeof answer.body !== "string") return answer;
    return announced({ ...answer, body: spoilListing(answer.body, effect.listing, call.query) });
  }
  const whole = announced(answer);
  if ("contentRange" in effect) {
    return withHeader(whole, "content-range", effect.contentRange === "missing" ? undefined : effect.contentRange);
  }
  if ("shiftRange" in effect) {
    const range = askedRange(call.request, objectBytes);
    if (range === undefined || whole.status !== 206) return whole;
    return withHeader(whole, "content-range", `bytes ${range.start}-${range.end - 1}/${objectBytes}`);
  }
  if ("etag" in effect) return withHeader(whole, "etag", etagOf(effect.etag, whole.headers?.["etag"]));
  if ("checksum" in effect) return withChecksum(whole, effect.checksum);
  if ("contentLength" in effect) {
    const length = Number(whole.headers?.["content-length"] ?? 0);
    const { contentLength: by } = effect;
    const otherwise = withHeader(
      whole,
      "content-length",
      by === "missing" ? undefined : String(Math.max(0, length + by)),
    );
    // In pieces, whose length nobody announces on the way.
    return whole.body === undefined ? otherwise : { ...otherwise, body: chunksOf(whole.body) };
  }
  if ("headerFlood" in effect) return flooded(whole, effect.headerFlood);
  if ("gzip" in effect) return await compressed(whole);
  return whole.body === undefined ? whole : spoilBytes(whole, whole.body, effect);
}

function spoilBytes(answer: Answer, body: NonNullable<Answer["body"]>, effect: FaultEffect): Answer {
  if ("truncateBody" in effect) {
    const length = Math.min(Number(answer.headers?.["content-length"]), effect.truncateBody);
    const shortened = transform(body, (chunk, at) => chunk.subarray(0, Math.max(length - at, 0)));
    return { ...withHeader(answer, "content-length", String(length)), body: shortened };
  }
  if ("corruptByteAt" in effect) {
    const target = effect.corruptByteAt;
    return { ...answer, body: transform(body, (chunk, at) => invertAt(chunk, target - at)) };
  }
  return answer;
}

/** The chunks of a body, whatever it is. */
export function chunksOf(body: Answer["body"]): Iterable<Uint8Array> | AsyncIterable<Uint8Array> {
  return piecesOf(typeof body === "string" ? Buffer.from(body) : (body ?? []));
}

/** With its length in the headers, where that is known before it is sent. */
export function announced(answer: Answer): Answer {
  const { body } = answer;
  if (typeof body !== "string" && !(body instanceof Uint8Array)) return answer;
  return withHeader(answer, "content-length", String(Buffer.byteLength(body)));
}

function withHeader(answer: Answer, name: string, value: string | undefined): Answer {
  const { [name]: _, ...others } = answer.headers ?? {};
  return { ...answer, headers: value === undefined ? others : { ...others, [name]: value } };
}

/** An entity tag that the object never had looks like one all the same. */
function etagOf(wanted: string, present: string | undefined): string | undefined {
  if (wanted === "missing") return undefined;
  if (wanted !== "wrong") return wanted;
  const other = (present ?? quoted("d41d8cd98f00b204e9800998ecf8427e")).replace(/[0-9a-f]/g, (digit) =>
    (15 - Number.parseInt(digit, 16)).toString(16),
  );
  return other === present ? quoted("00000000000000000000000000000000") : other;
}

const checksumName = /^x-amz-checksum-(?!type$|mode$|algorithm$)/;

function withChecksum(answer: Answer, wanted: string): Answer {
  const names = Object.keys(answer.headers ?? {}).filter((name) => checksumName.test(name));
  if (wanted === "missing") {
    return [...names, "x-amz-checksum-type"].reduce((one, name) => withHeader(one, name, undefined), answer);
  }
  if (names.length === 0) return withHeader(answer, "x-amz-checksum-crc32", wanted === "wrong" ? "AAAAAQ==" : wanted);
  return names.reduce((one, name) => {
    const present = one.headers?.[name] ?? "";
    return withHeader(one, name, wanted === "wrong" ? otherChecksum(present) : wanted);
  }, answer);
}

/** As long as the right one; `-3` of a composite one stays. */
function otherChecksum(value: string): string {
  const [digest = "", parts] = value.split("-");
  const inverted = Buffer.from(digest, "base64").map((byte) => ~byte & 255);
  return `${Buffer.from(inverted).toString("base64")}${parts === undefined ? "" : `-${parts}`}`;
}

function flooded(answer: Answer, bytes: number): Answer {
  const flood: Record<string, string> = {};
  for (let left = bytes, n = 1; left > 0; left -= 1000, n++) flood[`x-flood-${n}`] = "x".repeat(Math.min(left, 1000));
  return { ...answer, headers: { ...answer.headers, ...flood } };
}

async function compressed(answer: Answer): Promise<Answer> {
  const { "content-length": _, ...headers } = answer.headers ?? {};
  const body = answer.body === undefined ? undefined : [gzipSync(await wholeOf(chunksOf(answer.body)))];
  return { ...answer, headers: { ...headers, "content-encoding": "gzip" }, body };
}

async function* transform(
  body: NonNullable<Answer["body"]>,
  change: (chunk: Uint8Array, at: number) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  let at = 0;
  for await (const chunk of chunksOf(body)) {
    yield change(chunk, at);
    at += chunk.length;
  }
}

/** A copy: the bytes may be the object itself. */
function invertAt(chunk: Uint8Array, index: number): Uint8Array {
  if (index < 0 || index >= chunk.length) return chunk;
  const copy = Uint8Array.from(chunk);
  copy[index] = ~(copy[index] ?? 0) & 255;
  return copy;
}
