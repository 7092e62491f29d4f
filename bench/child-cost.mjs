/**
 * What a whole process costs, its start included, as the operating system counts it: bash's `time`, which waits for the
 * command and sums its CPU, threads and waited-for children with it.
 */
import { run } from "../tests/interop/process.mjs";

/**
 * Runs a command to its end. Throws when it fails.
 *
 * @param {readonly string[]} command
 * @param {{ env?: Record<string, string | undefined>, seconds?: number }} [options]
 */
export async function costOf(command, options) {
  const script = 'TIMEFORMAT="%3R %3U %3S"; time "$@"';
  const { code, signal, stdout, stderr } = await run(["bash", "-c", script, "time", ...command], options);
  const lines = stderr.trimEnd().split("\n");
  const times = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+)$/.exec(lines.at(-1) ?? "");
  if (code !== 0 || times === null) {
    throw new Error(`${command[0]} ended with ${code ?? signal}: ${lines.slice(-6).join(" | ")}`);
  }
  const [, wall, user, system] = times;
  return { wallSeconds: Number(wall), cpuSeconds: Number(user) + Number(system), stdout };
}
