/** How far many reads are together, from what each of them tells. */
import type { CallOptions } from "../options.ts";
import type { Member } from "./members.ts";

type Tell = NonNullable<CallOptions["onProgress"]>;

/** For each member what its read is to be given; `undefined` when nobody listens. */
export function sharedProgress(
  members: readonly Member[],
  onProgress: Tell | undefined,
): (member: Member) => Tell | undefined {
  if (onProgress === undefined) return () => undefined;
  let doneObjects = 0;
  let doneBytes = 0;
  let totalBytes = members.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  return (member) => {
    const seen = { objects: 0, bytes: 0, total: member.sizeBytes ?? 0 };
    return (now) => {
      doneObjects += now.doneObjects - seen.objects;
      doneBytes += now.doneBytes - seen.bytes;
      const total = now.totalBytes ?? seen.total;
      totalBytes += total - seen.total;
      Object.assign(seen, { objects: now.doneObjects, bytes: now.doneBytes, total });
      onProgress({ uri: now.uri, doneObjects, totalObjects: members.length, doneBytes, totalBytes });
    };
  };
}
