/** What every benchmark says of itself: machine, date, commit, samples and spread; and where the result goes. */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
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

/** Prints a ratio beside its target; `--check` makes a miss the exit code. @param {string} what @param {number} value @param {number} most */
export function target(what, value, most) {
  const met = value <= most;
  console.log(
    `${met ? "met   " : "MISSED"}  ${what}: ${value.toPrecision(3)} (target: at most ${most.toPrecision(3)})`,
  );
  if (!met && process.argv.includes("--check")) process.exitCode = 1;
}

/** The number after `--NAME`, or the default. @param {string} name @param {number} fallback */
export function count(name, fallback) {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}
