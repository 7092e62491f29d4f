/** What this process gives the settings: its environment, home, working folder, and small files. Read when asked, not at import. */
import { homedir } from "node:os";
import { readTextNow } from "../disk/index.ts";
import type { EntrepotOptions } from "./options.ts";
import type { World } from "./setting-values.ts";

/** The world that these options name: their `env`, else the process's. */
export function processWorld({ env = process.env }: Pick<EntrepotOptions, "env">): World {
  return { env, homeFolder: env["HOME"] || homeOfUser(), workingFolder: process.cwd(), readText: readTextNow };
}

/** Containers run as users that the system has never heard of. */
function homeOfUser(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}
