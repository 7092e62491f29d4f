// @aws-sdk/client-s3 as its users have it: default settings, one attempt, path style because the server is an address.
import * as aws from "@aws-sdk/client-s3";
import { holds, round, server } from "../verdict.mjs";

export const client = (/** @type {aws.S3ClientConfig} */ settings = {}) =>
  new aws.S3Client({
    endpoint: server.endpoint,
    region: server.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
    ...settings,
  });

export const s3 = client();

/** `send("PutObject", input)` for `new PutObjectCommand(input)`; what comes back is checked, not trusted.
 * @type {(operation: string, input: object, by?: aws.S3Client) => Promise<any>} */
export const send = (operation, input, by = s3) => by.send(new /** @type {any} */ (aws)[`${operation}Command`](input));

let made = 0;
export async function freshBucket() {
  made += 1;
  const Bucket = `sdk-${round}-${made}`;
  await send("CreateBucket", { Bucket });
  return Bucket;
}

/** @param {string} Bucket @param {string} Key @param {string | Uint8Array} Body @param {object} more */
export const put = (Bucket, Key, Body, more = {}) => send("PutObject", { Bucket, Key, Body, ...more });
/** @param {string} Bucket @param {string} Key @param {object} more @returns {Promise<Uint8Array>} */
export const bytesOf = async (Bucket, Key, more = {}) =>
  (await send("GetObject", { Bucket, Key, ...more })).Body.transformToByteArray();
/** @param {string} Bucket @param {string} Key @param {object} more */
export const textOf = async (Bucket, Key, more = {}) => Buffer.from(await bytesOf(Bucket, Key, more)).toString();

/** The promise must reject with this status and, where a body can carry one, one of these codes.
 * @param {number} status @param {readonly string[] | undefined} codes @param {unknown} promise */
export async function refused(status, codes, promise) {
  /** @type {any} */
  const error = await Promise.resolve(promise).then(
    () => undefined,
    (reason) => reason,
  );
  holds(error !== undefined, `accepted, wanted ${status} ${codes ?? ""}`);
  const got = error.$metadata?.httpStatusCode;
  holds(got !== undefined, `${error.name}: ${error.message}`);
  const code = error.Code ?? error.name;
  holds(got === status, `${got} ${code}, wanted ${status} ${codes ?? ""}`);
  holds(!codes || codes.includes(code), `${got} ${code}, wanted ${codes}`);
}

export const absent = (/** @type {string} */ Bucket, /** @type {string} */ Key) =>
  refused(404, undefined, send("HeadObject", { Bucket, Key }));
