/**
 * The one start of a foreign program: no shell, no input, its output kept up to a limit, its time bounded. What it says of
 * itself may hold secrets, so no error repeats it.
 */
import { EntrepotError } from "../error/index.ts";
import { diskError, errnoOf } from "./errors.ts";

/** Output of either kind is kept up to this size, bytes. */
const maxOutputBytes = 1024 * 1024;

export interface RunOptions {
  /** The program's whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** After this it is killed. */
  readonly timeoutMs: number;
}

/** How a program ended. */
export interface RunResult {
  /** `undefined` when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `command` to its end; the first word is found along `PATH` of `env`. Errors: not-found, forbidden, timeout, limit-exceeded, io. */
export async function runProgram(command: readonly string[], { env, timeoutMs }: RunOptions): Promise<RunResult> {
  const [program = "", ...rest] = command;
  const { spawn } = await import("node:child_process");
  return new Promise((resolve, reject) => {
    let child: ReturnType<typeof started>;
    const started = () =>
      spawn(program, rest, { env, shell: false, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    try {
      child = started();
    } catch (error) {
      // A zero byte is refused at once, in words that repeat the argument.
      return reject(startFailure(error, program));
    }
    const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    const end = (error: EntrepotError) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      // What the program itself started may hold these open for ever.
      child.stdout.destroy();
      child.stderr.destroy();
      reject(error);
    };
    const timer = setTimeout(() => {
      end(new EntrepotError("timeout", `${program} did not end within ${timeoutMs} ms`, { retryable: false }));
    }, timeoutMs);
    for (const name of ["stdout", "stderr"] as const) {
      let bytes = 0;
      child[name].on("data", (piece: Buffer) => {
        bytes += piece.byteLength;
        output[name].push(piece);
        if (bytes > maxOutputBytes) end(new EntrepotError("limit-exceeded", `${program} says more than 1 MiB`));
      });
    }
    child.on("error", (error) => end(startFailure(error, program)));
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      const text = (pieces: readonly Buffer[]) => Buffer.concat(pieces).toString("utf8");
      resolve({ exitCode: exitCode ?? undefined, stdout: text(output.stdout), stderr: text(output.stderr) });
    });
  });
}

/** Node's own error repeats all arguments, which may be secrets. */
function startFailure(error: unknown, program: string): EntrepotError {
  const code = errnoOf(error) ?? "";
  const bare = Object.assign(new Error(`spawn ${program} ${code}`), { code, errno: 0 });
  return diskError(bare, "run", program) as EntrepotError;
}
