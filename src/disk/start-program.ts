/**
 * A foreign program that runs for as long as it likes: no shell, no input, in a process group of its own, so that whatever it starts can be
 * ended with it. What it says is read as it comes.
 */
import type { Readable } from "node:stream";
import { diskError, errnoOf } from "./errors.ts";

export interface StartOptions {
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it starts. */
  readonly dir: string;
}

/** How it ended: one of the two. */
export interface ProgramEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
}

export interface StartedProgram {
  /** Also the number of its process group. */
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** When the program itself has ended, and the rest of its group was killed; what has left the group may go on, and hold its outputs open. */
  readonly ended: Promise<ProgramEnd>;
  /** To the whole group; nothing once the program has ended, whose number may be somebody else's by then. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** Starts `command`; the first word is found along `PATH` of `env`. Errors: not-found, forbidden, limit-exceeded (arguments too long), io. */
export async function startProgram(command: readonly string[], { env, dir }: StartOptions): Promise<StartedProgram> {
  const [program = "", ...rest] = command;
  const { spawn } = await import("node:child_process");
  try {
    const child = spawn(program, rest, {
      env,
      cwd: dir,
      shell: false,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let hasEnded = false;
    const ended = new Promise<ProgramEnd>((resolve) => {
      child.once("exit", (exitCode, signal) => {
        hasEnded = true;
        // at once, while the number is still ours: what it leaves behind ends with it
        if (child.pid !== undefined) killGroup(child.pid, "SIGKILL");
        resolve({ exitCode: exitCode ?? undefined, signal: signal ?? undefined });
      });
    });
    await new Promise<void>((resolve, reject) => {
      child.once("spawn", resolve);
      child.once("error", reject);
    });
    // later ones are of kill(), which says nothing
    child.on("error", () => undefined);
    const { pid, stdout, stderr } = child;
    // a group of number 0 would be our own
    if (pid === undefined) throw new TypeError("A program that was started has no number");
    const kill: StartedProgram["kill"] = (signal) => {
      if (!hasEnded) killGroup(pid, signal);
    };
    return { pid, stdout, stderr, ended, kill };
  } catch (error) {
    throw startFailure(error, program);
  }
}

function killGroup(pid: number, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // nobody is left, or only what has taken the rights of somebody else
    if (errnoOf(error) !== "ESRCH" && errnoOf(error) !== "EPERM") throw error;
  }
}

/** Node's own error repeats all arguments, which may be secrets. */
function startFailure(error: unknown, program: string): unknown {
  const code = errnoOf(error) ?? (error instanceof Error && "code" in error ? String(error.code) : "");
  const bare = Object.assign(new Error(`spawn ${program} ${code}`), { code, errno: 0 });
  return diskError(bare, "run", program);
}
