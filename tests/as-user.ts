/** Runs a piece of a test as another user of the machine: this process, with that user's rights. Needs root. */

export const isRoot: boolean = process.getuid?.() === 0;

/** To be put into the names of tests that are skipped without it. */
export const needsRoot = "needs root";

/** A user whose own group bears the same number, and who is in `groups` besides. */
export interface TestUser {
  readonly uid: number;
  readonly groups: readonly number[];
  readonly umask?: number | undefined;
}

/** One at a time: a process is one user. What goes on after `work` goes on as root. */
export async function asUser<T>({ uid, groups, umask = 0o022 }: TestUser, work: () => Promise<T>): Promise<T> {
  const { setgroups, setegid, seteuid, getgroups } = process;
  if (setgroups === undefined || setegid === undefined || seteuid === undefined) throw new Error("no users here");
  const before = getgroups?.() ?? [];
  const umaskBefore = process.umask(umask);
  setgroups([...groups]);
  setegid(uid);
  seteuid(uid);
  try {
    return await work();
  } finally {
    seteuid(0);
    setegid(0);
    setgroups(before);
    process.umask(umaskBefore);
  }
}
