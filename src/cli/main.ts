#!/usr/bin/env node
/** The command `entrepot`. Version and overview need nothing else loaded; everything else is in `run.ts`. */
import { overview } from "./overview.ts";
import { version } from "./version.ts";

const args = process.argv.slice(2);

if (args.length === 1 && args[0] === "--version") process.stdout.write(`${version}\n`);
else if (args.length === 1 && ["--help", "-h", "help"].includes(args[0] ?? "")) process.stdout.write(overview());
else if (args.length === 0) {
  process.stderr.write(overview());
  process.exitCode = 2;
} else await run();

async function run(): Promise<void> {
  const { Interrupted } = await import("./problem.ts");
  const { runCommandLine } = await import("./run.ts");
  const interrupted = new AbortController();
  // Cleaning up must not take longer than people wait.
  let endingMs = 1_500;
  const onSignal = () => {
    if (interrupted.signal.aborted) process.exit(130);
    interrupted.abort(new Interrupted());
    setTimeout(() => process.exit(130), endingMs).unref();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  process.exitCode = await runCommandLine(args, {
    env: process.env,
    workingFolder: process.cwd(),
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    signal: interrupted.signal,
    allowEnding: (ms) => {
      endingMs = ms;
    },
  });
  process.off("SIGINT", onSignal);
  process.off("SIGTERM", onSignal);
  // Whoever pressed TAB waits for no socket and no helper program.
  if (args[0] === "complete") process.exit();
}
