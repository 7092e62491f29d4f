/** The public verbs with default settings; a GET bypasses the cache, or the second of each key would bring no body. */
import { createRequire } from "node:module";
import { entrepot } from "entrepot";

export const version = `entrepot ${createRequire(import.meta.url)("entrepot/package.json").version}`;

/** @param {{ endpoint: string, cache?: false }} at */
export async function open({ endpoint, cache }) {
  const data = entrepot({
    endpoint,
    region: "us-east-1",
    addressing: "path",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    cache,
  });
  return {
    get: (/** @type {string} */ key) => data.readBytes(`s3://bucket/${key}`, { cache: "bypass" }),
    head: async (/** @type {string} */ key) => (await data.stat(`s3://bucket/${key}`)).sizeBytes,
    put: async (/** @type {string} */ key, /** @type {Uint8Array} */ body) =>
      (await data.writeBytes(`s3://written/${key}`, body)).etag,
    close: () => data.close(),
  };
}
