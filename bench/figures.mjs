/** What every benchmark says of itself: machine, date, commit, samples and spread; and where the result goes. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

export const repo = fileURLToPath(new URL("../", import.meta.url));

/** @param {readonly number[]} samples */
export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (/** @type {number} */ q) => {
    const place = (sorted.length - 1) * q;
    const below = sorted[Math.floor(place)] ?? Number.NaN;
    const above = sorted[Math.ceil(place)] ?? Number.NaN;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { samples: sorted.length, min: at(0), p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** @template T @param {readonly T[]} items */
export function shuffled(items) {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [order[i], order[j]] = [/** @type {T} */ (order[j]), /** @type {T} */ (order[i])];
  }
  return order;
}

const git = (/** @type {string[]} */ ...args) => {
  try {
    return execFileSync("git", args, { cwd: repo, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "unknown";
  }
};

export const circumstances = () => ({
  date: new Date().toISOString(),
  commit: `${git("rev-parse", "--short=12", "HEAD")}${git("status", "--porcelain") === "" ? "" : " and uncommitted changes"}`,
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}`,
  node: process.version,
  // What else ran: above about 1 on two cores the wall figures are lower bounds, and CPU figures up to 40 % off.
  load: loadavg().map((value) => Number(value.toFixed(2))),
});

/** Writes .bench/NAME.json and prints the circumstances. @param {string} name @param {Record<string, unknown>} result */
export function publish(name, result) {
  mkdirSync(`${repo}.bench`, { recursive: true });
  const file = `.bench/${name}.json`;
  writeFileSync(`${repo}${file}`, `${JSON.stringify(result, null, 2)}\n`);
  const { date, commit, machine, node, load } = /** @type {ReturnType<typeof circumstances>} */ (result.circumstances);
  console.log(`\n${machine} · node ${node} · load ${load.join(" ")} · ${date} · ${commit} · ${file}`);
}

/** Prints a figure beside its target; `--check` makes a miss the exit code. @param {string} what @param {number} value @param {number} most */
export const target = (what, value, most) => held(what, value, "at most", most, value <= most);

/** The same for what must not be less. @param {string} what @param {number} value @param {number} least */
export const targetAtLeast = (what, value, least) => held(what, value, "at least", least, value >= least);

/** @param {string} what @param {number} value @param {string} side @param {number} bound @param {boolean} met */
function held(what, value, side, bound, met) {
  // Three digits, but no exponent for what is large.
  const short = (/** @type {number} */ number) =>
    Math.abs(number) >= 1000 ? Math.round(number).toLocaleString("en") : number.toPrecision(3);
  console.log(`${met ? "met   " : "MISSED"}  ${what}: ${short(value)} (target: ${side} ${short(bound)})`);
  if (!met && process.argv.includes("--check")) process.exitCode = 1;
}

/** The number after `--NAME`, or the default. @param {string} name @param {number} fallback */
export function count(name, fallback) {
  const at = process.argv.indexOf(`--${name}`);
  const value = at < 0 ? fallback : Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1`);
  return value;
}

/** The words after `--NAME`, separated by commas, each of those offered; all of them by default. @param {string} name @param {readonly string[]} offered */
export function words(name, offered) {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return [...offered];
  const chosen = String(process.argv[at + 1]).split(",");
  const unknown = chosen.filter((word) => !offered.includes(word));
  if (unknown.length > 0) throw new Error(`--${name} takes ${offered.join(", ")}; not ${unknown.join(", ")}`);
  return chosen;
}

export const whole = (/** @type {number} */ value) => Math.round(value).toLocaleString("en");

/** What a program of ours needs and cannot make: says so and ends. */
export function assertBuilt() {
  if (existsSync(`${repo}dist/index.js`)) return;
  console.log("entrepot is not built: npm run build");
  process.exit(1);
}

/** A server that could not be had ends the run; a benchmark that measured nothing has not passed. @param {string} name @param {string | undefined} problem */
export function assertServed(name, problem) {
  if (problem === undefined) return;
  console.log(`${name} cannot be had: ${problem}`);
  process.exit(1);
}
