// What every check written for Node stands on: a check runs, and its verdict is one line of JSON on stdout,
// { check, ok, why?, ms }, named as in ../checks.json. INTEROP_SERVER holds the server under judgement.
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { performance } from "node:perf_hooks";
import { isDeepStrictEqual } from "node:util";

/** @type {import("../process.mjs").Server} */
export const server = JSON.parse(process.env.INTEROP_SERVER ?? "null");
/** @type {{ classes: Record<string, string[]>, pairs: [string, string][], longestBytes: number }} */
export const hostile = JSON.parse(readFileSync(new URL("../hostile-keys.json", import.meta.url), "utf8"));
export const round = Array.from({ length: 8 }, () => "abcdefghijklmnopqrstuvwxyz"[Math.floor(Math.random() * 26)]).join(
  "",
);

export class Refuted extends Error {}

const shown = (/** @type {unknown} */ value) => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text === undefined ? "undefined" : text.length > 160 ? `${text.slice(0, 160)}…` : text;
};

/** @param {unknown} condition @param {string} why @returns {asserts condition} */
export function holds(condition, why) {
  if (!condition) throw new Refuted(why);
}

/** @param {unknown} found @param {unknown} wanted */
export function same(found, wanted, what = "value") {
  if (!isDeepStrictEqual(found, wanted)) throw new Refuted(`${what}: ${shown(found)}, wanted ${shown(wanted)}`);
}

/** @param {Uint8Array} found @param {Uint8Array} wanted */
export function sameBytes(found, wanted, what = "the bytes") {
  if (!Buffer.from(found).equals(Buffer.from(wanted)))
    throw new Refuted(`${what} differ (${found.length} of ${wanted.length})`);
}

/** @param {string} name @param {() => unknown} run */
export async function check(name, run) {
  const begun = performance.now();
  /** @type {{ ok: boolean, why?: string }} */
  let verdict = { ok: true };
  try {
    await run();
  } catch (thrown) {
    const error = /** @type {any} */ (thrown);
    const status = error?.$metadata?.httpStatusCode;
    verdict = {
      ok: false,
      why:
        error instanceof Refuted
          ? error.message
          : `${status ?? ""} ${error?.name}: ${shown(String(error?.message))}`.trim(),
    };
  }
  process.stdout.write(`${JSON.stringify({ check: name, ...verdict, ms: Math.round(performance.now() - begun) })}\n`);
}

/** Tries every case and names all that fail.
 * @template T @param {readonly T[]} cases @param {(one: T) => unknown} act */
export async function each(cases, act) {
  const failed = [];
  for (const one of cases) {
    try {
      await act(one);
    } catch (thrown) {
      const error = /** @type {any} */ (thrown);
      const name = JSON.stringify(one);
      failed.push(
        `${name.length < 40 ? name : `${name.slice(0, 9)}… of ${name.length}`}: ${error instanceof Refuted ? error.message : `${error?.$metadata?.httpStatusCode ?? ""} ${error?.name}`}`,
      );
    }
  }
  holds(failed.length === 0, `${failed.length} of ${cases.length}: ${failed.join("; ")}`);
}

/** Keys of a listing in the order that S3 gives: their UTF-8 bytes. */
export const inByteOrder = (/** @type {readonly string[]} */ keys) =>
  [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Plain HTTP, as a browser or curl would use a presigned URL; `node:http` sends the path exactly as it is.
 * @param {string} method @param {string} url @param {string} [body] @returns {Promise<{ status: number | undefined, text: string }>} */
export function fetchPlain(method, url, body) {
  const { hostname, port, host } = new URL(url);
  const path = url.slice(url.indexOf("/", "http://".length));
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        method,
        hostname,
        port,
        path,
        headers: { host, ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }) },
      },
      (answer) => {
        /** @type {Buffer[]} */
        const chunks = [];
        answer.on("data", (chunk) => chunks.push(chunk));
        answer.on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
        answer.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
