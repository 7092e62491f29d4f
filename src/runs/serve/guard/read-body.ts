/** The body of a request, as much of it as it may have: more is refused before it is held. */
import { lostNumberMessage, lostNumberOf } from "../../../format/index.ts";
import type { Bytes } from "../../../store/index.ts";
import { Refusal } from "../api/problem.ts";
import { isBytesBody, type Route, type World } from "../api/route.ts";
import type { Arrival } from "../listen.ts";

/** Of JSON. */
export const mostJsonBytes: number = 1024 ** 2;

/** What of a body that is still to come has been there by when: its beginning in 30 s, and 64 KiB in each second after. */
export const firstMs = 30_000;
export const bytesPerSecond: number = 64 * 1024;
/** How often that is looked at. */
export const lookMs = 1_000;

type Clock = Pick<World, "now" | "every">;

/** What the operation takes. Refusals 413, 415; 400 for what is no JSON, or breaks off before its end; 408 for what takes too long. */
export async function bodyOf(
  request: Request,
  { body, mostBodyBytes = mostJsonBytes }: Route,
  arrival: Arrival,
  clock: Clock,
): Promise<unknown> {
  if (body === undefined) return undefined;
  if (isBytesBody(body)) return bytesOf(request, body.bytes, arrival, clock);
  const kind = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  // no form and no simple request of another site can say this
  if (kind !== "application/json")
    throw new Refusal(415, "invalid-request", "the body is JSON", "send Content-Type: application/json");
  const bytes = await bytesOf(request, mostBodyBytes, arrival, clock);
  return body.read(jsonOf(bytes), "body");
}

async function bytesOf(request: Request, most: number, arrival: Arrival, clock: Clock): Promise<Bytes> {
  const told = request.headers.get("content-length");
  if (Number(told ?? 0) > most) throw tooLarge(most);
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  const beginMs = clock.now();
  let isLate = false;
  const end = clock.every(lookMs, () => {
    isLate ||= clock.now() - beginMs > firstMs + (size / bytesPerSecond) * 1000;
    if (isLate) reader?.cancel().catch(() => undefined);
  });
  try {
    while (reader !== undefined) {
      const { done, value: part } = await reader.read();
      if (done) break;
      size += part.byteLength;
      if (size > most) throw tooLarge(most);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof Refusal ? error : incomplete();
  } finally {
    end();
    reader?.cancel().catch(() => undefined);
  }
  if (isLate) throw tooSlow();
  // Node 20 gives what is left of a connection that broke off, or nothing at all, as if that were the whole
  if (request.signal.aborted || !arrival.isWhole() || (told !== null && size !== Number(told))) throw incomplete();
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.byteLength;
  }
  return bytes as Bytes;
}

function jsonOf(bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, "invalid-request", "the body is no JSON in UTF-8");
  }
  const lost = lostNumberOf(text);
  if (lost === undefined) return value;
  throw new Refusal(400, "invalid-request", lostNumberMessage(lost), "send it as text, in quotes");
}

function incomplete(): Refusal {
  return new Refusal(400, "invalid-request", "the body broke off before its end", "nothing was done; send it again");
}

function tooSlow(): Refusal {
  const least = `${bytesPerSecond / 1024} KiB/s after ${firstMs / 1000} s`;
  return new Refusal(408, "timeout", `the body came too slowly: less than ${least}`, "nothing was done; send it again");
}

function tooLarge(most: number): Refusal {
  return new Refusal(413, "limit-exceeded", `the body is larger than ${most} bytes`);
}
