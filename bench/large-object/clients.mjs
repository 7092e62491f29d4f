/** The clients of large-object: how each is started, what it is, and where it leaves the object. */
import { createRequire } from "node:module";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { run } from "../../tests/interop/process.mjs";
import { repo } from "../figures.mjs";
import { credentials, sdkClient } from "../sdk-client.mjs";

/** @typedef {{ endpoint: string, caFile: string }} At */
/** @typedef {{ command: readonly string[], env?: Record<string, string> }} Start */

export const bucket = "bucket";
export const key = "large";

const ours = `entrepot ${createRequire(import.meta.url)("entrepot/package.json").version}`;

const entrepot = (/** @type {"copy" | "localCopy"} */ verb) => ({
  version: async () => ours,
  start: async (/** @type {At} */ { endpoint, caFile }, /** @type {string} */ folder) => ({
    command: [
      process.execPath,
      `${repo}bench/large-object/entrepot.mjs`,
      verb,
      `s3://${bucket}/${key}`,
      `${folder}/object`,
    ],
    env: {
      BENCH_ENDPOINT: endpoint,
      NODE_EXTRA_CA_CERTS: caFile,
      ENTREPOT_CACHE_DIR: `${folder}/cache`,
      TMPDIR: folder,
    },
  }),
});

const firstLine = (/** @type {readonly string[]} */ command) => async () => {
  const { code, stdout } = await run(command);
  return code === 0 ? (stdout.split("\n")[0] ?? "") : undefined;
};

/** `start` gives a command that leaves the object in FOLDER/object, or prints where. @type {Record<string, { version: () => Promise<string | undefined>, start: (at: At, folder: string) => Promise<Start> }>} */
export const clients = {
  copy: entrepot("copy"),
  localCopy: entrepot("localCopy"),
  // A cutoff of 0 makes rclone 1.60 divide by it; it takes as many streams as the cutoff goes into the size, at most eight.
  rclone: {
    version: firstLine(["rclone", "version"]),
    start: async ({ endpoint, caFile }, folder) => ({
      command: [
        ...["rclone", "copyto", `bench:${bucket}/${key}`, `${folder}/object`, "--config", "/dev/null"],
        ...["--multi-thread-streams", "8", "--multi-thread-cutoff", "1M", "--ca-cert", caFile, "--quiet"],
      ],
      env: {
        RCLONE_CONFIG_BENCH_TYPE: "s3",
        RCLONE_CONFIG_BENCH_PROVIDER: "Other",
        RCLONE_CONFIG_BENCH_ENDPOINT: endpoint,
        RCLONE_CONFIG_BENCH_REGION: "us-east-1",
        RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE: "true",
        RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: credentials.accessKeyId,
        RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      },
    }),
  },
  curl: {
    version: firstLine(["curl", "--version"]),
    start: async (at, folder) => {
      const client = sdkClient(at.endpoint);
      const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: 3600 });
      client.destroy();
      return { command: ["curl", "-sSf", "--cacert", at.caFile, "-o", `${folder}/object`, url] };
    },
  },
};
