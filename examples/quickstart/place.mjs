/** Where the data goes: a server of our own in this process, or the bucket that was named on the command line. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

/**
 * @typedef {object} Place
 * @property {import("entrepot").EntrepotOptions} settings how the server is reached
 * @property {string} folder where the files go, e.g. `s3://bucket/vega/`
 * @property {string} server the server in words
 * @property {boolean} isOurs whether we started it
 * @property {string} cacheFolder
 * @property {() => Promise<void>} startServer
 * @property {() => Promise<void>} stopServer
 * @property {(depot: import("entrepot").Depot) => Promise<void>} cleanUp
 */

/**
 * @param {string[]} args
 * @returns {Promise<Place>}
 */
export async function openPlace(args) {
  const { values } = parseArgs({
    args,
    options: {
      bucket: { type: "string" },
      endpoint: { type: "string" },
      profile: { type: "string" },
      region: { type: "string" },
    },
  });
  const scratch = await mkdtemp(path.join(tmpdir(), "entrepot-quickstart-"));
  const removeScratch = () => rm(scratch, { recursive: true, force: true });
  const cacheFolder = path.join(scratch, "cache");
  const { bucket, ...settings } = values;
  if (bucket === undefined) {
    if (values.endpoint !== undefined) throw new Error("--endpoint needs --bucket: where may the files go?");
    return { cacheFolder, ...(await ownServer(path.join(scratch, "server"), removeScratch)) };
  }
  const folder = `s3://${bucket}/entrepot-quickstart-${randomBytes(4).toString("hex")}/`;
  return {
    settings,
    folder,
    server: values.endpoint ?? "AWS",
    isOurs: false,
    cacheFolder,
    startServer: async () => {},
    stopServer: async () => {},
    cleanUp: async (depot) => {
      await depot.remove(folder, { recursive: true, onError: "warn" });
      await removeScratch();
    },
  };
}

/**
 * A real socket; the objects lie in a folder, so that the server can be stopped and started again.
 *
 * @param {string} dir
 * @param {() => Promise<void>} removeScratch
 * @returns {Promise<Omit<Place, "cacheFolder">>}
 */
async function ownServer(dir, removeScratch) {
  const { startS3Server } = await import("entrepot/testing");
  let server = await startS3Server({ dir, buckets: ["demo-bucket"] });
  const { endpoint, credentials, options } = server;
  const port = Number(new URL(endpoint).port);
  return {
    settings: options,
    folder: "s3://demo-bucket/vega/",
    server: `${endpoint}, in this process`,
    isOurs: true,
    startServer: async () => {
      server = await startS3Server({ dir, port, credentials });
    },
    stopServer: () => server.close(),
    cleanUp: async () => {
      await server.close();
      await removeScratch();
    },
  };
}
