// What is run against each server: the published contract of stores, where a suite takes an S3 location, and the depot's own verbs.
import { entrepot } from "entrepot";
import * as testing from "entrepot/testing";
import { depotCases } from "./depot-cases.mjs";

let made = 0;
const bucketName = () => {
  made += 1;
  return `ours-${process.pid.toString(36)}-${Date.now().toString(36)}-${made}`;
};

/** A depot over this server and nothing else: no cache, no files of the user, no environment. */
export const depotFor = (/** @type {import("./process.mjs").Server} */ server, more = {}) =>
  entrepot({
    endpoint: server.endpoint,
    region: server.region,
    addressing: "path",
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
    cache: false,
    env: {},
    envFile: false,
    ...more,
  });

async function prepareDepot(/** @type {import("./process.mjs").Server} */ server) {
  const data = depotFor(server);
  const bucket = bucketName();
  await data.createBucket(`s3://${bucket}`);
  return {
    data,
    bucket,
    server,
    depotFor: (/** @type {object} */ more) => depotFor(server, more),
    close: () => data.close(),
  };
}

export const suites = [
  { cases: depotCases, prepare: prepareDepot },
  // The contract suite of stores is switched on by its export.
  ...(testing.storeContract ? [{ cases: testing.storeContract, prepare: testing.s3StoreFor }] : []),
];
