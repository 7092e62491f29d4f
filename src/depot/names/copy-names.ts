/** The names of one copy into a folder of this disk: asks the disk what it can hold, plans each name, leaves the manifest. */
import type { NameRules } from "../../disk/index.ts";
import type { Context } from "../context.ts";
import { isCaseBlind } from "./case-blind.ts";
import { knownMarks, ManifestDraft, manifestName } from "./manifest.ts";
import { type NamePlace, NamePlan, type NamesOption } from "./name-plan.ts";
import { NamesOnDisk } from "./names-on-disk.ts";
import { HashedNames, OrderedNames } from "./planned-names.ts";

export interface CopyNamesOptions {
  /** The target, absolute. */
  readonly folder: string;
  readonly names: NamesOption;
  /** Whether there may be several objects: one has no twin to be told from, and the disk is not asked whether it could. */
  readonly isMany: boolean;
  /** Whether keys come in the order of their bytes. */
  readonly inOrder: boolean;
  /** Then nothing is written, not even to ask the disk. */
  readonly dryRun: boolean;
}

export class CopyNames {
  readonly #plan: NamePlan;
  readonly #draft: ManifestDraft;
  readonly #folder: string;
  readonly #rules: NameRules;

  private constructor(plan: NamePlan, draft: ManifestDraft, folder: string, rules: NameRules) {
    this.#plan = plan;
    this.#draft = draft;
    this.#folder = folder;
    this.#rules = rules;
  }

  static async open(context: Context, options: CopyNamesOptions): Promise<CopyNames> {
    const { disk } = context;
    const { folder, names, isMany, inOrder, dryRun } = options;
    const caseBlind = names === "portable" || (isMany && (await isCaseBlind(disk, { folder, mayWrite: !dryRun })));
    const rules = names === "portable" || process.platform === "win32" ? "windows" : "posix";
    const map = names !== "refuse";
    const plan = new NamePlan({
      root: folder,
      map,
      rules,
      planned: inOrder && !caseBlind ? new OrderedNames() : new HashedNames(caseBlind),
      onDisk: new NamesOnDisk(disk, folder, caseBlind),
      known: map ? await knownMarks(disk, folder) : new Map(),
      manifest: manifestName,
    });
    return new CopyNames(plan, new ManifestDraft(disk, () => context.scratchFolder()), folder, rules);
  }

  /** `key` is relative to what is copied; `uri` is the object's. */
  async place(key: string, uri: string): Promise<NamePlace> {
    const place = await this.#plan.place(key, uri);
    if (place.problem === undefined && place.path !== key) await this.#draft.add({ path: place.path, key });
    return place;
  }

  /** Before the first object is written, so that what a killed copy leaves can be read, too. */
  async publish(): Promise<void> {
    await this.#draft.publish(this.#folder, this.#rules);
  }

  async discard(): Promise<void> {
    await this.#draft.discard();
  }
}
