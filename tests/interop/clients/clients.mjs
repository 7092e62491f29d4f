// The clients that are not ours: how each is come by, and the command that prints its verdicts.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { here, repo, run } from "../process.mjs";

const program = (/** @type {string} */ path) => `${here}clients/${path}`;

/** Runs servers/INSTALL's own installer functions, so that each tool is installed in one place only. @param {string} line */
async function install(line) {
  const done = await run(["bash", "-c", `. "${here}servers/lifecycle.sh"; ${line}`, `${here}servers/clients.sh`], {
    seconds: 900,
  });
  return done.code === 0 ? undefined : done.stderr.trim().split("\n").at(-1) || `ended with ${done.code}`;
}

const fromPip = (/** @type {string[]} */ command) => ({
  async prepare() {
    const cannot = await install("pip_install");
    return cannot ? { cannot } : { command };
  },
});

const fromDebian = (/** @type {string} */ name, /** @type {string} */ script) => ({
  async prepare() {
    const cannot = await install(`command -v ${name} >/dev/null || apt_install ${name}`);
    return cannot ? { cannot } : { command: [process.execPath, program(script)] };
  },
});

const fromNpm = (/** @type {string[]} */ packages, /** @type {string} */ script) => ({
  async prepare() {
    const require = createRequire(`${repo}package.json`);
    const missing = packages.filter(
      (name) => !existsSync(`${repo}node_modules/${name}/package.json`) && !resolves(require, name),
    );
    return missing.length > 0
      ? { cannot: `npm packages missing: ${missing.join(", ")}` }
      : { command: [process.execPath, program(script)] };
  },
});

/** @param {NodeJS.Require} require @param {string} name */
function resolves(require, name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** @type {Record<string, { prepare(): Promise<{ command?: string[], cannot?: string }> }>} */
export const clients = {
  boto3: fromPip([`${repo}.interop/venv/bin/python`, program("boto/main.py")]),
  sdk: fromNpm(["@aws-sdk/client-s3", "@aws-sdk/lib-storage", "@aws-sdk/s3-request-presigner"], "sdk/main.mjs"),
  "aws-cli": fromPip([process.execPath, program("aws-cli/main.mjs")]),
  s5cmd: fromPip([process.execPath, program("s5cmd.mjs")]),
  s3cmd: fromDebian("s3cmd", "s3cmd.mjs"),
  rclone: fromDebian("rclone", "rclone.mjs"),
};
