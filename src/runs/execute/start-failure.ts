/** Why the command of a version cannot be started, in words for who deployed it. */
import { hostname } from "node:os";
import { EntrepotError, isEntrepotError } from "../../error/index.ts";

export interface NotStarted {
  /** First word of the command. */
  readonly name: string;
  readonly version: string;
  /** Where it was to start. */
  readonly folder: string;
}

/** What is known better than by the disk; any other error as it is. */
export function startFailure(error: unknown, { name, version, folder }: NotStarted): unknown {
  if (isEntrepotError(error, "forbidden"))
    return new EntrepotError("forbidden", `${name} of version ${version} may not be executed on ${hostname()}`, {
      cause: error,
      hint: "chmod +x makes a file a program; or deploy a command that reads it, such as python3 model.py",
    });
  if (!isEntrepotError(error, "not-found")) return error;
  const isPath = /[\\/]/.test(name);
  const why = isPath ? `is not in ${folder} on ${hostname()}` : `is not on the PATH of ${hostname()}`;
  return new EntrepotError("not-found", `the command ${name} of version ${version} ${why}`, {
    cause: error,
    hint: isPath
      ? "deploy with --dir, the folder that it starts in, or copy it there"
      : "commands run without a shell: install it there, or deploy another command",
  });
}
