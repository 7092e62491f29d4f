/** The names of a job that is resumed: its plan holds them, and what they stand for follows from them; the folder's list of names is made anew. */
import { type JobHeader, readPlan } from "../../transfer/index.ts";
import type { Context, Place } from "../context.ts";
import { objectPlace } from "../object-place.ts";
import { folderKey } from "../targets.ts";
import type { CopyNames } from "./copy-names.ts";
import { keyOfPath, ManifestDraft } from "./manifest.ts";

/** `undefined` where no names were mapped to this disk. */
export function plannedNames(
  context: Context,
  { options }: Pick<JobHeader, "options">,
  to: Place,
  plan: string,
): Pick<CopyNames, "publish"> | undefined {
  const { names } = options;
  if ((names !== "map" && names !== "portable") || to.location.scheme !== "file") return undefined;
  const { disk } = context;
  const within = folderKey(to.key);
  const place = async (uri: string) => objectPlace(to, (await context.place(uri, "write")).key);
  return {
    async publish() {
      const draft = new ManifestDraft(disk, () => context.scratchFolder());
      try {
        for await (const item of readPlan(disk, plan, { source: place, target: place }, ["copy"])) {
          const job = item.kind === "copy" ? item.job : item.kind === "skip" ? item.done : undefined;
          if (job === undefined || !job.to.key.startsWith(within)) continue;
          const path = job.to.key.slice(within.length);
          const key = keyOfPath(path);
          if (key !== path) await draft.add({ path, key });
        }
        const rules = names === "portable" || process.platform === "win32" ? "windows" : "posix";
        await draft.publish(`/${within}`.replace(/(.)\/+$/, "$1"), rules);
      } finally {
        await draft.discard();
      }
    },
  };
}
