/**
 * Ends programs whose starter was killed. A shell of a few lines, in a session of its own, waits at the other end of a pipe, which the
 * kernel closes when the starter is gone, however it went; then it kills the process groups that it was told of.
 */

/** `+ 17` and `- 17` in lines; at the end of them, whatever is left is killed. Holds no text of anybody. */
const script = `trap '' TERM INT HUP
groups=' '
while read -r sign id; do
  case $sign in
    +) groups="$groups$id " ;;
    -) groups="\${groups%% $id *} \${groups#* $id }" ;;
  esac
done
for id in $groups; do kill -KILL "-$id" 2>/dev/null; done`;

export interface ProgramGuard {
  /** From now on this process group ends with us. */
  watch(group: number): void;
  /** It has ended; its number may be somebody else's soon. */
  forget(group: number): void;
  close(): Promise<void>;
}

/** Where no shell can be started, nothing is guarded. */
export async function openProgramGuard(): Promise<ProgramGuard> {
  const { spawn } = await import("node:child_process");
  const child = spawn("/bin/sh", ["-c", script], {
    detached: true,
    env: {},
    cwd: "/",
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  // a guard that was killed guards nothing any more
  child.stdin.on("error", () => undefined);
  child.unref();
  // a pipe is a socket to Node, which keeps no process alive either
  (child.stdin as unknown as { unref(): void }).unref();
  const tell = (line: string): void => void child.stdin.write(`${line}\n`);
  return {
    watch: (group) => tell(`+ ${group}`),
    forget: (group) => tell(`- ${group}`),
    close: () => {
      child.ref();
      child.stdin.end();
      return ended;
    },
  };
}
