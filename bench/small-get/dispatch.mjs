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

/** @param {{ endpoint: string, bucket: string }} at */
export async function open({ endpoint, bucket }) {
  const pool = new Pool(endpoint, { connections: 32, pipelining: 1 });
  const { host } = new URL(endpoint);
  let keyDate = "";
  /** @type {Buffer} */
  let signingKey;

  /** @param {string} path */
  function sign(path) {
    const now = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
    const date = now.slice(0, 8);
    if (date !== keyDate) {
      const mac = (/** @type {string | Buffer} */ key, /** @type {string} */ text) =>
        createHmac("sha256", key).update(text).digest();
      signingKey = mac(mac(mac(mac(`AWS4${secret}`, date), region), "s3"), "aws4_request");
      keyDate = date;
    }
    const canonical = `GET\n${path}\n\nhost:${host}\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:${now}\n\n${signedHeaders}\nUNSIGNED-PAYLOAD`;
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

  /** @param {string} key @returns {Promise<Uint8Array>} */
  const get = (key) =>
    new Promise((resolve, reject) => {
      const path = `/${bucket}/${key}`;
      /** @type {Buffer[]} */
      const chunks = [];
      let status = 0;
      pool.dispatch(
        { origin: endpoint, path, method: "GET", headers: sign(path) },
        {
          onRequestStart() {},
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseData(_controller, chunk) {
            chunks.push(chunk);
          },
          onResponseEnd() {
            if (status !== 200) reject(new Error(`status ${status}`));
            else resolve(chunks.length === 1 ? /** @type {Buffer} */ (chunks[0]) : Buffer.concat(chunks));
          },
          onResponseError(_controller, error) {
            reject(error);
          },
        },
      );
    });
  return { get, close: () => pool.close() };
}
