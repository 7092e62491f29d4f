/** The public verb with default settings: `readBytes(uri, { cache: "bypass" })`. */
import { createRequire } from "node:module";
import { entrepot } from "entrepot";

export const version = `entrepot ${createRequire(import.meta.url)("entrepot/package.json").version}`;

/** @param {{ endpoint: string, bucket: string }} at */
export async function open({ endpoint, bucket }) {
  const data = entrepot({
    endpoint,
    region: "us-east-1",
    addressing: "path",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    get: (/** @type {string} */ key) => data.readBytes(`s3://${bucket}/${key}`, { cache: "bypass" }),
    close: () => data.close(),
  };
}
