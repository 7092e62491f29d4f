/** Two buckets, folders of this disk and memory, and a way to see what a sync did to each path. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Depot, entrepot, type FileResult, type SyncOptions, type SyncReport } from "entrepot";
import { type S3Server, startS3Server } from "entrepot/testing";

export class SyncWorld {
  readonly s3: S3Server;
  readonly folder: string;
  readonly data: Depot;
  readonly places: Readonly<Record<PlaceName, string>>;

  private constructor(s3: S3Server, folder: string) {
    this.s3 = s3;
    this.folder = folder;
    this.data = entrepot({ ...s3.options, cache: { dir: join(folder, "cache") }, env: {}, envFile: false });
    this.places = {
      "a folder": `${join(folder, "tree")}/`,
      "another folder": `${join(folder, "deep", "er")}/`,
      S3: "s3://b/tree/",
      "another bucket": "s3://other/tree/",
      memory: "memory:///tree/",
    };
  }

  /** `agoMs`: so far in the past the server is. */
  static async open(agoMs = 0): Promise<SyncWorld> {
    const s3 = await startS3Server({ buckets: ["b", "other"], now: () => Date.now() - agoMs });
    return new SyncWorld(s3, await mkdtemp(join(tmpdir(), "entrepot-")));
  }

  async close(): Promise<void> {
    await this.data.close();
    await this.s3.close();
    await rm(this.folder, { recursive: true });
    if (this.s3.internalErrors.length > 0) throw new AggregateError(this.s3.internalErrors, "the server has a defect");
  }

  /** What happened to each path, and why. */
  async synced(
    from: string,
    to: string,
    options: SyncOptions = {},
  ): Promise<{ readonly report: SyncReport; readonly told: Readonly<Record<string, string>> }> {
    const told: Record<string, string> = {};
    const base = this.data.resolve(from);
    const target = this.data.resolve(to, { for: "write" });
    const onFile = ({ uri, action, reason, status }: FileResult) => {
      const path = decodeURIComponent(uri.slice((uri.startsWith(base) ? base : target).length));
      told[path] = `${action}: ${reason}${status === "failed" ? " (failed)" : ""}`;
    };
    const report = await this.data.sync(from, to, { ...options, onFile });
    return { report, told };
  }

  /** The texts below a folder, by path. */
  async texts(at: string): Promise<Readonly<Record<string, string>>> {
    const found: Record<string, string> = {};
    for (const { uri, path } of await this.data.list(at).toArray()) found[path] = await this.data.readText(uri);
    return found;
  }

  get operations(): readonly (string | undefined)[] {
    return this.s3.requests.map(({ operation }) => operation);
  }
}

export type PlaceName = "a folder" | "another folder" | "S3" | "another bucket" | "memory";
