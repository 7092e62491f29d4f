/** Who copies many objects besides us: how each is come by, and the command that takes a folder or a file up or down. */
import { createRequire } from "node:module";
import { repo, run } from "../../tests/interop/process.mjs";

/** @typedef {{ endpoint: string, folder: string }} At what a client may write lies in `folder` */
/** @typedef {{ command: readonly string[], env?: Record<string, string> }} Start */
/**
 * `up(LOCAL, BUCKET, KEY)` and `down` the other way; both end in `/` for a folder with all that is in it.
 *
 * @typedef {{ version: () => Promise<string | undefined>, copy: (at: At, what: "up" | "down", local: string, bucket: string, key: string) => Start }} Client
 */

const venv = `${repo}.interop/venv/bin`;
const bench = `${repo}.bench/peers`;
const program = `${repo}dist/cli/main.js`;
const aws = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_REGION: "us-east-1" };
/** Nobody asks the machine who it is. */
const alone = { ...aws, AWS_EC2_METADATA_DISABLED: "true", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };

/** What a program says first; `undefined` where it is not there. @param {readonly string[]} command */
const firstLine = (command) => async () => {
  const { code, stdout, stderr } = await run(command);
  return code === 0 ? (stdout || stderr).trim().split("\n")[0] : undefined;
};

/** Installs what is missing; the reason where it cannot. @returns {Promise<string | undefined>} */
export async function install() {
  const steps = [
    `. "${repo}tests/interop/servers/lifecycle.sh"; pip_install`,
    `command -v rclone >/dev/null || { . "${repo}tests/interop/servers/lifecycle.sh"; apt_install rclone; }`,
    `set -e; wanted="${repo}bench/many-objects/requirements.txt"; cmp -s "$wanted" "${bench}/installed.txt" && exit
     python3 -m venv "${bench}"; "${bench}/bin/pip" install -q -r "$wanted"; cp "$wanted" "${bench}/installed.txt"`,
  ];
  const problems = [];
  for (const step of steps) {
    const { code, stderr } = await run(["bash", "-c", step, "clients.sh"], { seconds: 900 });
    if (code !== 0) problems.push(stderr.trim().split("\n").at(-1) || `an installation ended with ${code}`);
  }
  return problems.length === 0 ? undefined : problems.join("; ");
}

/** @param {string} name @param {string} python @returns {Client} */
const python = (name, python) => ({
  version: async () => {
    const said = await firstLine([python, `${repo}bench/many-objects/peers.py`, name, "version"])();
    return said && `${name} ${said}`;
  },
  copy: ({ endpoint }, what, local, bucket, key) => ({
    command: [python, `${repo}bench/many-objects/peers.py`, name, what, local, bucket, key],
    env: { ...alone, BENCH_ENDPOINT: endpoint },
  }),
});

/** Each with the concurrency that it is given by default, or 32 where that is less: as much as ours has. @type {Record<string, Client>} */
export const clients = {
  entrepot: {
    version: async () => `entrepot ${createRequire(import.meta.url)("entrepot/package.json").version}`,
    copy: ({ endpoint, folder }, what, local, bucket, key) => {
      const remote = `s3://${bucket}/${key}`;
      const operands = what === "up" ? [local, remote] : [remote, local];
      return {
        command: [process.execPath, program, "cp", ...(key.endsWith("/") ? ["-r"] : []), ...operands],
        env: { ...aws, AWS_ENDPOINT_URL: endpoint, HOME: folder, ENTREPOT_CACHE_DIR: `${folder}/cache` },
      };
    },
  },
  s5cmd: {
    version: async () => {
      const said = await firstLine([`${venv}/s5cmd`, "version"])();
      return said && `s5cmd ${said}`;
    },
    copy: ({ endpoint }, what, local, bucket, key) => {
      const remote = `s3://${bucket}/${key}${what === "down" && key.endsWith("/") ? "*" : ""}`;
      const operands = what === "up" ? [local, remote] : [remote, local];
      return {
        command: [`${venv}/s5cmd`, "--endpoint-url", endpoint, "--log", "error", "cp", ...operands],
        env: { ...alone, AWS_CONFIG_FILE: "/dev/null" },
      };
    },
  },
  rclone: {
    version: firstLine(["rclone", "version"]),
    copy: ({ endpoint }, what, local, bucket, key) => {
      const remote = `bench:${bucket}/${key}`;
      const operands = what === "up" ? [local, remote] : [remote, local];
      const many = ["--transfers", "32", "--checkers", "32"];
      // A cutoff of 0 makes rclone 1.60 divide by it; it takes as many streams as the cutoff goes into the size, at most eight.
      const one = ["--multi-thread-streams", "8", "--multi-thread-cutoff", "1M", "--s3-upload-concurrency", "8"];
      return {
        command: [
          ...["rclone", key.endsWith("/") ? "copy" : "copyto", ...operands, "--config", "/dev/null", "--quiet"],
          ...["--s3-no-check-bucket", ...(key.endsWith("/") ? many : one)],
        ],
        env: {
          RCLONE_CONFIG_BENCH_TYPE: "s3",
          RCLONE_CONFIG_BENCH_PROVIDER: "Other",
          RCLONE_CONFIG_BENCH_ENDPOINT: endpoint,
          RCLONE_CONFIG_BENCH_REGION: "us-east-1",
          RCLONE_CONFIG_BENCH_FORCE_PATH_STYLE: "true",
          RCLONE_CONFIG_BENCH_ACCESS_KEY_ID: "test",
          RCLONE_CONFIG_BENCH_SECRET_ACCESS_KEY: "test",
        },
      };
    },
  },
  "aws-cli": {
    version: firstLine([`${venv}/aws`, "--version"]),
    copy: ({ endpoint, folder }, what, local, bucket, key) => {
      const remote = `s3://${bucket}/${key}`;
      const operands = what === "up" ? [local, remote] : [remote, local];
      const isFolder = key.endsWith("/");
      return {
        command: [
          ...[`${venv}/aws`, "s3", "cp", ...operands, ...(isFolder ? ["--recursive"] : [])],
          ...["--only-show-errors", "--endpoint-url", endpoint],
        ],
        env: { ...alone, AWS_CONFIG_FILE: `${folder}/../aws-config` },
      };
    },
  },
  boto3: python("boto3", `${venv}/python`),
  s3fs: python("s3fs", `${bench}/bin/python`),
  obstore: python("obstore", `${bench}/bin/python`),
};

/** For the file that the AWS CLI reads; it has ten requests at a time by default. */
export const awsConfig = "[default]\ns3 =\n  max_concurrent_requests = 32\n  addressing_style = path\n";
