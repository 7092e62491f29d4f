/** `entrepot runs worker` as a process of its own, of the built command. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export interface WorkerProcess {
  readonly child: ChildProcess;
  /** What it has said, line by line. */
  readonly told: Readonly<Record<string, unknown>>[];
  /** The first line that is so, said already or yet to come. Rejects when it ends without it. */
  says(is: (line: Readonly<Record<string, unknown>>) => boolean): Promise<Readonly<Record<string, unknown>>>;
  /** Exit code, or the name of the signal. */
  readonly ended: Promise<number | string>;
}

/** When it takes tasks. */
export async function startWorkerProcess(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [main, "runs", "worker", "--json", ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const told: Record<string, unknown>[] = [];
  const listeners = new Set<() => void>();
  const wake = () => {
    for (const listener of [...listeners]) listener();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    told.push(JSON.parse(line));
    wake();
  });
  const ended = once(child, "close").then(([code, signal]) => {
    wake();
    return code ?? signal;
  });
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
    wake();
  });
  const says: WorkerProcess["says"] = async (is) => {
    for (let at = 0; ; ) {
      for (; at < told.length; at += 1) {
        const line = told[at];
        if (line !== undefined && is(line)) return line;
      }
      if (hasEnded) throw new Error(`the worker ended without it: ${JSON.stringify(told)}`);
      await new Promise<void>((resolve) => {
        const listener = () => {
          listeners.delete(listener);
          resolve();
        };
        listeners.add(listener);
      });
    }
  };
  await says(({ type }) => type === "ready");
  return { child, told, says, ended };
}
