// What is run against each server: the depot's verbs, and the published contract of stores over the S3 store.
import { entrepot } from "entrepot";
import { copySuite } from "./copy-suite.mjs";
import { depotCases } from "./depot-cases.mjs";
import { storeSuite } from "./store-suite.mjs";

/** @typedef {import("./process.mjs").Server} Server */

let made = 0;
export const bucketName = () => {
  made += 1;
  return `ours-${process.pid.toString(36)}-${Date.now().toString(36)}-${made}`;
};

/** A depot over this server and nothing else: no cache, no files of the user, no environment.
 * @param {Server} server @param {{ accessKeyId: string, secretAccessKey: string }} [credentials] */
const depotFor = (server, credentials = { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey }) =>
  entrepot({
    endpoint: server.endpoint,
    region: server.region,
    addressing: "path",
    credentials,
    cache: false,
    env: {},
    envFile: false,
  });

/** @param {Server} server */
async function prepareDepot(server) {
  const data = depotFor(server);
  const bucket = bucketName();
  await data.createBucket(`s3://${bucket}`);
  const asWhom = (/** @type {{ accessKeyId: string, secretAccessKey: string }} */ who) => depotFor(server, who);
  return { data, bucket, server, asWhom, close: () => data.close() };
}

/** @typedef {Awaited<ReturnType<typeof prepareDepot>>} Given */

export const suites = [{ cases: depotCases, prepare: prepareDepot }, storeSuite, copySuite];
