/**
 * The floor: undici's `Pool.dispatch` and a SigV4 that does no more than these requests need (no query, plain keys,
 * cached signing key). No retries, no checks, no time-outs of ours: what any client built on undici must pay.
 */
import { createHmac, hash } from "node:crypto";
import { createRequire } from "node:module";
import { Pool } from "undici";

export const version = `undici ${createRequire(import.meta.url)("undici/package.json").version}`;

const region = "us-east-1";
const secret = "test";
const signedHeaders = "host;x-amz-content-sha256;x-amz-date";

/** @typedef {{ bytes: Uint8Array, headers: Record<string, string | string[] | undefined> }} Answer */

/** @param {{ endpoint: string }} at */
export async function open({ endpoint }) {
  const pool = new Pool(endpoint, { connections: 32, pipelining: 1 });
  const { host } = new URL(endpoint);
  let keyDate = "";
  /** @type {Buffer} */
  let signingKey;

  /** @param {string} method @param {string} path */
  function sign(method, path) {
    const now = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
    const date = now.slice(0, 8);
    if (date !== keyDate) {
      const mac = (/** @type {string | Buffer} */ key, /** @type {string} */ text) =>
        createHmac("sha256", key).update(text).digest();
      signingKey = mac(mac(mac(mac(`AWS4${secret}`, date), region), "s3"), "aws4_request");
      keyDate = date;
    }
    const canonical = `${method}\n${path}\n\nhost:${host}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:${now}\n\n${signedHeaders}\nUNSIGNED-PAYLOAD`;
    const scope = `${date}/${region}/s3/aws4_request`;
    const signature = createHmac("sha256", signingKey)
      .update(`AWS4-HMAC-SHA256\n${now}\n${scope}\n${hash("sha256", canonical)}`)
      .digest("hex");
    return [
      "host",
      host,
      "x-amz-content-sha256",
      "UNSIGNED-PAYLOAD",
      "x-amz-date",
      now,
      "authorization",
      `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    ];
  }

  /** @param {"GET" | "HEAD" | "PUT"} method @param {string} path @param {Uint8Array} [body] @returns {Promise<Answer>} */
  const send = (method, path, body) =>
    new Promise((resolve, reject) => {
      /** @type {Buffer[]} */
      const chunks = [];
      /** @type {Answer["headers"]} */
      let headers = {};
      let status = 0;
      pool.dispatch(
        // undici closes the connection after a HEAD unless told not to.
        { origin: endpoint, path, method, headers: sign(method, path), body: body ?? null, reset: false },
        {
          onRequestStart() {},
          onResponseStart(_controller, statusCode, fields) {
            status = statusCode;
            headers = fields;
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            const bytes = chunks.length === 1 ? /** @type {Buffer} */ (chunks[0]) : Buffer.concat(chunks);
            if (status >= 200 && status < 300) resolve({ bytes, headers });
            else reject(new Error(`status ${status}`));
          },
          onResponseError(_controller, error) {
            reject(error);
          },
        },
      );
    });
  return {
    get: async (/** @type {string} */ key) => (await send("GET", `/bucket/${key}`)).bytes,
    head: async (/** @type {string} */ key) => Number((await send("HEAD", `/bucket/${key}`)).headers["content-length"]),
    put: async (/** @type {string} */ key, /** @type {Uint8Array} */ body) =>
      String((await send("PUT", `/written/${key}`, body)).headers["etag"]),
    close: () => pool.close(),
  };
}
