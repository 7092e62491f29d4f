// The AWS CLI (version 1) with this server's address and keys, and nothing of the user's own settings.
import { repo } from "../../process.mjs";
import { file, program } from "../shell.mjs";
import { round, server } from "../verdict.mjs";

const settings = {
  AWS_ACCESS_KEY_ID: server.accessKeyId,
  AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
  AWS_DEFAULT_REGION: server.region,
  AWS_ENDPOINT_URL_S3: server.endpoint,
  // Without the second line this version presigns with Signature Version 2.
  AWS_CONFIG_FILE: file("config", "[default]\ns3 =\n  addressing_style = path\n  signature_version = s3v4\n"),
  AWS_SHARED_CREDENTIALS_FILE: file("credentials", ""),
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_MAX_ATTEMPTS: "1",
  AWS_PAGER: "",
};
export const { ok, fails } = program([`${repo}.interop/venv/bin/aws`, "--output", "json"], settings);

let made = 0;
export async function freshBucket() {
  made += 1;
  const name = `cli-${round}-${made}`;
  await ok(["s3", "mb", `s3://${name}`]);
  return name;
}

/** @param {string} operation @param {string[]} args */
export const api = (operation, ...args) => ok(["s3api", operation, ...args]);
/** What `aws s3api` prints, parsed. @param {string} operation @param {string[]} args */
export const said = async (operation, ...args) => JSON.parse((await api(operation, ...args)).stdout || "{}");
export const text = async (/** @type {string} */ uri) => (await ok(["s3", "cp", uri, "-"])).stdout;

/** The bucket of most checks, and the arguments that name it. */
export const bucket = await freshBucket();
export const b = ["--bucket", bucket];
