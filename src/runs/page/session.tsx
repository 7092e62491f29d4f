/** Who is signed in. */
import { address, ask } from "./ask.tsx";
import type { Notice } from "./notice.tsx";

export interface Session {
  readonly name: string;
  readonly role: "none" | "read" | "run" | "admin";
  readonly models?: readonly string[];
  readonly isReadOnly: boolean;
}

const code = /^#code=(\w+)$/;

export function isSignInLink(): boolean {
  return code.test(location.hash);
}

/** Signs in by the code of the address, once, and takes it out of the address and of the history. */
export async function beginSession(say: (notice: Notice) => void): Promise<void> {
  const secret = code.exec(location.hash)?.[1];
  if (secret === undefined) return;
  history.replaceState(null, "", "#/");
  await ask("POST", address(["session"]), { secret }).catch((error: Error) =>
    say({ text: error.message, isError: true }),
  );
}
