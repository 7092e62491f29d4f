/** The commands there are. The list is all that `entrepot --help` loads; each command is loaded when it is called. */
import type { Command } from "./command.ts";

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** In the order in which help shows them; the summaries are held to the commands' own by a test. */
export const commandList: readonly CommandEntry[] = [
  entry("ls", "list a folder, a bucket or all buckets", async () => (await import("./commands/ls.ts")).ls),
  entry("cat", "write objects to standard output", async () => (await import("./commands/cat.ts")).cat),
  entry("head", "the first lines, without fetching the rest", async () => (await import("./commands/head.ts")).head),
  entry("stat", "size, time, ETag and version of objects", async () => (await import("./commands/stat.ts")).stat),
  entry("du", "how many objects, and how large together", async () => (await import("./commands/du.ts")).du),
  entry("tree", "folders and what lies in them, as a drawing", async () => (await import("./commands/tree.ts")).tree),
  entry("glob", "the addresses that match a pattern", async () => (await import("./commands/glob.ts")).glob),
  entry("find", "what lies below a folder and meets conditions", async () => (await import("./commands/find.ts")).find),
  entry("cp", "copy objects or folders, either way", async () => (await import("./commands/cp.ts")).cp),
  entry("mv", "move objects or folders, either way", async () => (await import("./commands/mv.ts")).mv),
  entry("sync", "make one folder like another, either way", async () => (await import("./commands/sync.ts")).sync),
  entry("rm", "remove objects or folders", async () => (await import("./commands/rm.ts")).rm),
  entry("pack", "a folder of this disk becomes one archive", async () => (await import("./commands/pack.ts")).pack),
  entry(
    "unpack",
    "an archive becomes a folder of this disk, or is shown",
    async () => (await import("./commands/unpack.ts")).unpack,
  ),
  entry("mb", "make a bucket", async () => (await import("./commands/mb.ts")).mb),
  entry("rb", "remove an empty bucket", async () => (await import("./commands/rb.ts")).rb),
  entry(
    "path",
    "the path of the local copy, fetched if need be",
    async () => (await import("./commands/path.ts")).path,
  ),
  entry("presign", "a URL for those without credentials", async () => (await import("./commands/presign.ts")).presign),
  entry("pickle", "what a Python pickle holds", async () => (await import("./commands/pickle.ts")).pickle),
  entry("table", "tables: look, convert, ask", async () => (await import("./commands/table.ts")).table),
  entry("zarr", "what a Zarr hierarchy holds", async () => (await import("./commands/zarr.ts")).zarr),
  entry(
    "dataset",
    "folders of many files that change as one",
    async () => (await import("./commands/dataset.ts")).dataset,
  ),
  entry(
    "snapshots",
    "folders under a name, between runs",
    async () => (await import("./commands/snapshots.ts")).snapshots,
  ),
  entry(
    "flow",
    "dataflows of plain functions: run, plan, draw, keep results",
    async () => (await import("./commands/flow.ts")).flow,
  ),
  entry(
    "lock",
    "what a run read: why two differ, and what changed since",
    async () => (await import("./commands/lock.ts")).lock,
  ),
  entry(
    "runs",
    "models, runs and their policies, in one database for all machines",
    async () => (await import("./commands/runs.ts")).runs,
  ),
  entry("pega", "what Pega exports: files, tables, pictures", async () => (await import("./commands/pega.ts")).pega),
  entry("cache", "what is kept on this disk", async () => (await import("./commands/cache.ts")).cache),
  entry(
    "jobs",
    "transfers that were interrupted: go on, or give up",
    async () => (await import("./commands/jobs.ts")).jobs,
  ),
  entry(
    "offline",
    "what is here for work without a network",
    async () => (await import("./commands/offline.ts")).offline,
  ),
  entry("serve", "an S3 server of your own on 127.0.0.1", async () => (await import("./commands/serve.ts")).serve),
  entry(
    "doctor",
    "which settings are in force, who decided, what is wrong",
    async () => (await import("./commands/doctor.ts")).doctor,
  ),
  entry(
    "explain",
    "one address: where it leads, as whom, what answers, what to do",
    async () => (await import("./commands/explain.ts")).explain,
  ),
  entry(
    "completion",
    "what makes a shell complete commands, options and remote names",
    async () => (await import("./commands/completion.ts")).completion,
  ),
];

function entry(name: string, summary: string, load: () => Promise<Command>): CommandEntry {
  return { name, summary, load };
}
