/** The AWS SDK as a bystander: it makes what the clients under measurement read, and removes it. */
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";

export const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** Trusts only what Node trusts: give it a plain endpoint. @param {string} endpoint */
export const sdkClient = (endpoint) =>
  new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });

/** @param {S3Client} client @param {string} bucket */
export async function ensureBucket(client, bucket) {
  await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error) => {
    if (error.name !== "BucketAlreadyOwnedByYou") throw error;
  });
}

/** The endpoint of a transport, and whom to trust there. @param {import("../tests/interop/process.mjs").Server} server @param {string} transport */
export function atOf(server, transport) {
  const endpoint = transport === "tls" ? server.tlsEndpoint : server.endpoint;
  if (endpoint === undefined || server.caFile === undefined) {
    throw new Error(`${server.name} runs without TLS: install openssl, stop it, and let this start it`);
  }
  return { endpoint, caFile: server.caFile };
}
