/**
 * Many tasks on many workers, of which some are killed: for the test of it and for the benchmark. What a program does is decided by its
 * policy and the number of its attempt alone, so that it is known what must come of each task.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Of a thousand attempts: these fail, these are killed, these kill their worker, these fail for good. */
const failing = 50;
const killed = 5;
const killing = 5;
const hopeless = 5;

/** `$PPID` is the worker, whose child this shell is. */
const program = `set -eu
dice=$(printf %s "$ENTREPOT_POLICY_ID $ENTREPOT_ATTEMPT" | cksum | cut -d ' ' -f 1)
dice=$((dice % 1000))
echo "$ENTREPOT_POLICY_ID $ENTREPOT_ATTEMPT"
echo "::progress 0.5 half"
sleep "$FLEET_SECONDS"
if [ $dice -lt ${failing} ]; then exit 1; fi
if [ $dice -lt ${failing + killed} ]; then kill -9 $$; fi
if [ $dice -lt ${failing + killed + killing} ]; then kill -9 $PPID; sleep 60; fi
if [ $dice -lt ${failing + killed + killing + hopeless} ]; then exit 65; fi
printf '%s' "$ENTREPOT_POLICY_ID $ENTREPOT_ATTEMPT" > "\${ENTREPOT_OUTPUT_URI#file://}result.txt"
`;

/** The CRC of POSIX's cksum. @param {string} text */
function cksum(text) {
  const bytes = [...Buffer.from(text)];
  for (let length = bytes.length; length > 0; length >>>= 8) bytes.push(length & 0xff);
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) crc = crc < 0 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return ~crc >>> 0;
}

/** @param {string} policy @param {number} attempt @returns {"failed" | "lost" | "hopeless" | "done"} */
function fateOf(policy, attempt) {
  const dice = cksum(`${policy} ${attempt}`) % 1000;
  if (dice < failing + killed) return "failed";
  if (dice < failing + killed + killing) return "lost";
  return dice < failing + killed + killing + hopeless ? "hopeless" : "done";
}

/**
 * @typedef {object} Fleet
 * @property {string} main the built command
 * @property {() => Promise<import("entrepot/runs").RunStore>} open the database; who works on the tasks is there before it is opened for them
 * @property {string} place of the database, as ENTREPOT_RUNS has it
 * @property {string} folder empty; outputs lie in it
 * @property {number} tasks
 * @property {number} workers
 * @property {number} seconds that a program takes
 */

/** Runs them and says what is wrong with the end of it: nothing, one hopes. @param {Fleet} fleet */
export async function runFleet({ main, open, place, folder, tasks, workers, seconds }) {
  const { submitRun } = await import("entrepot/runs");
  const root = join(folder, "out");
  await mkdir(root, { recursive: true });
  await writeFile(join(folder, "program.sh"), program);
  const before = await open();
  await before.models.add("fleet");
  await before.models.deploy("fleet", {
    program: { command: ["/bin/sh", join(folder, "program.sh")], env: { FLEET_SECONDS: String(seconds) } },
  });
  const policies = Array.from({ length: tasks }, (_, index) => `r${index}`);
  const { id } = await before.runs.create({ model: "fleet", policies, retries: 5 });
  await before.files.put(id, undefined, "parameters.csv", "name,value\ngrowth,0.02\n");
  await before.close();

  const env = { PATH: process.env["PATH"], HOME: folder, ENTREPOT_RUNS: place, ENTREPOT_ROOT_LOCAL: root };
  /** @type {number[]} */
  const waited = [];
  /** @type {number[]} */
  const recorded = [];
  let isOver = false;
  let deaths = 0;
  /** @param {number} at @returns {Promise<void>} */
  const keepWorker = async (at) => {
    while (!isOver) {
      const child = spawn(process.execPath, [main, "runs", "worker", "--json", "--name", `worker ${at}.${deaths}`], {
        ...{ env, stdio: ["ignore", "pipe", "inherit"] },
      });
      children.add(child);
      let isFirst = true;
      if (child.stdout !== null)
        createInterface({ input: child.stdout }).on("line", (line) => {
          const told = JSON.parse(line);
          if (told.type === "ready") tellReady();
          // later attempts also wait for the pause before them, and the first of a worker for its start
          if (told.event === "started" && told.attempt === 1 && !isFirst) waited.push(told.waitedMs);
          if (told.event === "started") isFirst = false;
          if (told.event === "ended" && told.state !== null) recorded.push(told.recordedMs);
        });
      await once(child, "close");
      children.delete(child);
      if (child.signalCode === "SIGKILL") deaths += 1;
      else if (!isOver) throw new Error(`a worker ended with ${child.exitCode}`);
    }
  };
  /** @type {Set<import("node:child_process").ChildProcess>} */
  const children = new Set();
  let tellReady = () => {};
  /** @type {Promise<void>} */
  const ready = new Promise((resolve) => {
    tellReady = resolve;
  });
  const kept = Promise.all(Array.from({ length: workers }, (_, at) => keepWorker(at)));
  // an embedded database is then held by one of those that may be killed
  await Promise.race([ready, kept]);
  const store = await open();
  const startedMs = performance.now();
  const ending = (async () => {
    await submitRun(store, id);
    for await (const _ of store.watch(id, { types: ["ended"] }));
  })();
  await Promise.race([ending, kept]);
  const wallMs = performance.now() - startedMs;
  isOver = true;
  for (const child of children) child.kill("SIGTERM");
  await kept;
  try {
    return { id, deaths, wallMs, waited, recorded, ...(await verify(store, id, policies, root)) };
  } finally {
    await store.close();
  }
}

/**
 * From the database and from the objects: one right end of every task, one attempt that was done, one result of it, its lines.
 *
 * @param {import("entrepot/runs").RunStore} store @param {string} id @param {readonly string[]} policies @param {string} root
 */
async function verify(store, id, policies, root) {
  /** @type {string[]} */
  const wrong = [];
  /** @type {Map<string, number>} */
  const finished = new Map();
  /** @type {Set<string>} */
  const lines = new Set();
  for await (const event of store.watch(id, { follow: false })) {
    if (event.type === "finished") finished.set(event.policyId, (finished.get(event.policyId) ?? 0) + 1);
    if (event.type === "log") {
      if (lines.has(event.line)) wrong.push(`told twice: ${event.line}`);
      lines.add(event.line);
    }
  }
  const outputs = new Map((await store.tasks.outputs(id)).map((output) => [output.policyId, output]));
  const tasks = await store.tasks.list(id);
  if (tasks.length !== policies.length) wrong.push(`${tasks.length} tasks of ${policies.length} policies`);
  const states = { done: 0, failed: 0 };
  let attempts = 0;
  for (const task of tasks) {
    const { policyId, state } = task;
    const made = await store.tasks.attempts(task.id);
    attempts += made.length;
    const fates = made.map(({ number }) => fateOf(policyId, number));
    // a worker may be thought dead on a busy machine, or be the one that served the others: then the attempt is lost, whatever its fate
    for (const [at, attempt] of made.entries()) {
      const fate = fates[at] === "hopeless" ? "failed" : fates[at];
      if (attempt.state !== fate && attempt.state !== "lost")
        wrong.push(`${policyId} attempt ${at + 1} is ${attempt.state}, not ${fate}`);
      if (attempt.state !== "lost" && !lines.has(`${policyId} ${attempt.number}`))
        wrong.push(`${policyId} attempt ${at + 1} has no line`);
    }
    const last = made.at(-1);
    if (made.slice(0, -1).some((attempt, at) => attempt.state === "done" || fates[at] === "hopeless"))
      wrong.push(`${policyId} went on after its end`);
    const right = last?.state === "done" ? "done" : "failed";
    if (state !== right) wrong.push(`${policyId} is ${state}, not ${right}`);
    if (state === "failed" && fates.at(-1) !== "hopeless") wrong.push(`${policyId} failed without need`);
    if ((finished.get(policyId) ?? 0) !== (state === "done" ? 1 : 0)) wrong.push(`${policyId} finished not once`);
    if (state === "done" || state === "failed") states[state] += 1;
    const folder = join(root, "fleet", "v1", id, policyId);
    const pointer = await readFile(join(folder, "outputs.json"), "utf8").catch(() => undefined);
    const output = outputs.get(policyId);
    if (state !== "done") {
      if (output !== undefined || pointer !== undefined) wrong.push(`${policyId} has outputs`);
      continue;
    }
    const expected = `${policyId} ${last?.number}`;
    const text = await readFile(new URL(output?.uri ?? "file:///none"), "utf8").catch(String);
    if (text !== expected) wrong.push(`${policyId} gave ${text}, not ${expected}`);
    // the copy of it in the bucket comes a moment later than the end, and dies with a worker that is killed in it
    if (pointer !== undefined && JSON.parse(pointer).attempt !== last?.number)
      wrong.push(`${policyId}: outputs.json names attempt ${JSON.parse(pointer).attempt}, not ${last?.number}`);
    for (const number of await readdir(join(folder, "attempts")))
      if (Number(number) > (last?.number ?? 0)) wrong.push(`${policyId} has an attempt ${number}`);
  }
  return { wrong, states, attempts };
}
