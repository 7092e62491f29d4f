// Runs the probe script that lies beside the repository against our server, and holds it to what probes-pass.json records.
// boto3 presigns by Signature Version 2 where the endpoint is not AWS's, which the server refuses as AWS does: a user of AWS
// has to say `s3v4` in the AWS config file, and so do we. usage: probes.mjs [--server own] [--record]
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flag, here, option, repo, run, withServer } from "./process.mjs";

const serverName = option("server", "own");
const recordFile = new URL("probes-pass.json", import.meta.url);
const json = (/** @type {string} */ name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
/** @type {string[]} */
const recorded = json("probes-pass.json");
// In a worktree the shared folder lies one level higher.
const script = ["../shared", "../../shared"]
  .map((dir) => `${repo}${dir}/tools/s3-probes.py`)
  .find((path) => existsSync(path));

// What the probes ask is asked in every clone by judge.mjs and suite.mjs, too: each has rows of ours that are recorded.
/** @type {Record<string, string[]>} */
const rowsOf = json("probe-rows.json");
/** @type {Record<string, string[]>} */
const judged = { ...json("server-pass.json"), suite: json("suite-pass.json") };
const unasked = Object.entries(rowsOf).flatMap(([probe, rows]) =>
  rows
    .map((row) => row.split(" "))
    .filter(([by = "", row = ""]) => !judged[by]?.includes(row))
    .map((row) => `${probe}: ${row.join(" ")}`),
);
console.log(`${Object.keys(rowsOf).length} probes have rows of our own, ${unasked.length} of them not recorded`);
for (const line of unasked) console.log(`  ${line}`);

/** @type {(passed: number, failed: number, skipped: number) => never} */
const end = (passed, failed, skipped) => {
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  process.exit(failed > 0 ? 1 : 0);
};
/** @type {(why: string) => never} */
const skip = (why) => {
  console.log(`SKIPPED the probes: ${why}`);
  end(0, unasked.length, Math.max(1, recorded.length));
};

if (script === undefined) throw skip("the script is not beside this repository");
const python = `${repo}.interop/venv/bin/python`;
const installed = await run(
  ["bash", "-c", `. "${here}servers/lifecycle.sh"; pip_install`, `${here}servers/clients.sh`],
  { seconds: 900 },
);
if (installed.code !== 0) skip(installed.stderr.trim());

let output = "";
const problem = await withServer(serverName, async ({ endpoint, accessKeyId, secretAccessKey, region }) => {
  const command = [python, script, serverName, endpoint, accessKeyId, secretAccessKey, region];
  const folder = mkdtempSync(join(tmpdir(), "entrepot-probes-"));
  const config = join(folder, "config");
  writeFileSync(config, "[default]\ns3 =\n    signature_version = s3v4\n");
  output = (await run(command, { seconds: 900, env: { AWS_CONFIG_FILE: config } })).stdout;
  rmSync(folder, { recursive: true });
});
if (problem) {
  console.log(`${serverName} cannot be probed: ${problem}`);
  end(0, recorded.length, recorded.length > 0 ? 0 : 1);
}
const verdicts = [...output.matchAll(/^(\S+)\s+(PASS|FAIL)(.*)$/gm)].map(([, name = "", verdict, rest = ""]) => ({
  name,
  ok: verdict === "PASS",
  rest: rest.trim(),
}));
const passing = verdicts.filter(({ ok }) => ok).map(({ name }) => name);
const lost = recorded.filter((name) => !passing.includes(name));
for (const { name, ok, rest } of verdicts)
  if (!ok) console.log(`${recorded.includes(name) ? "LOST" : "  no"}  ${name.padEnd(32)} ${rest}`);
console.log(`${serverName}: ${passing.length} of ${verdicts.length} probes pass; ${recorded.length} are recorded`);
const unrecorded = passing.filter((name) => !recorded.includes(name));
if (serverName === "own" && unrecorded.length > 0) console.log(`pass and are not recorded: ${unrecorded.join(" ")}`);
if (flag("record") && serverName === "own") writeFileSync(recordFile, `${JSON.stringify(passing, null, 2)}\n`);
const unmapped = verdicts.filter(({ name }) => !(name in rowsOf)).map(({ name }) => name);
if (unmapped.length > 0) console.log(`without a row in probe-rows.json: ${unmapped.join(" ")}`);
end(passing.length, serverName === "own" ? lost.length + unasked.length + unmapped.length : 0, 0);
