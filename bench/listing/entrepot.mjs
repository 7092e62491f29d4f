/** `data.list` with default settings, entry by entry. */
import { createRequire } from "node:module";
import { entrepot } from "entrepot";

export const version = `entrepot ${createRequire(import.meta.url)("entrepot/package.json").version}`;

/** @param {string | undefined} endpoint */
export function open(endpoint) {
  const data = entrepot({
    endpoint,
    region: "us-east-1",
    addressing: "path",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  return {
    /** @param {number} most @param {(key: string, sizeBytes: number) => void} take */
    async list(most, take) {
      let left = most;
      for await (const { path, sizeBytes } of data.list("s3://listing/")) {
        take(path, sizeBytes);
        if (--left === 0) break;
      }
    },
    close: () => data.close(),
  };
}
