// The contract that `entrepot/testing` publishes, over the S3 store and one bucket of the server.
import { openS3Service, openTransport } from "entrepot/store";
import { storeContract } from "entrepot/testing";

/** A key that S3 cannot hold: no UTF-8, or more than 1,024 bytes of it. The contract's own prefix counts. @param {string} key */
const cannotHold = (key) => {
  if (Buffer.from(key).toString() !== key) return "not UTF-8";
  return Buffer.byteLength(key) > 1024 ? "longer than 1,024 bytes" : undefined;
};

/** @param {import("./process.mjs").Server} server */
async function prepare({ endpoint, region, accessKeyId, secretAccessKey }) {
  const transport = openTransport();
  const credentials = { accessKeyId, secretAccessKey };
  const service = openS3Service({ endpoint, region, addressing: "path", credentials, transport });
  const store = service.bucket(`contract-${process.pid.toString(36)}`);
  await store.createBucket().catch((error) => {
    if (error?.code !== "already-exists") throw error;
  });
  return { store, close: () => transport.close() };
}

/** @typedef {Awaited<ReturnType<typeof prepare>>} Opened */

const traits = { keepsMetadata: true, cannotHold };
/** The contract binds its cases to a store when it is called, so each case is looked up anew for the store it is given.
 * @param {Opened} opened */
const casesOver = ({ store }) => storeContract({ open: async () => ({ store, close: async () => {} }), traits });
const never = () => Promise.reject(new Error("only names are asked of this one"));

export const storeSuite = {
  prepare,
  cases: storeContract({ open: never, traits }).map(({ name }) => ({
    name: `store: ${name}`,
    run: async (/** @type {Opened} */ opened) =>
      casesOver(opened)
        .find((one) => one.name === name)
        ?.run(),
  })),
};
