/** The depots that a program uses, as the code of its nodes and their inputs show them: they can tell whether what was read has changed. */
import type { Depot } from "../../../depot/index.ts";
import type { NodeCall, Version } from "../../core/index.ts";

/** Programs have one or two; those that are made for each call are let go. */
const mostDepots = 8;
const mostVersions = 1_000;
/** Verbs that were taken out of a depot know it by this. */
const depotSymbol = Symbol.for("entrepot.depot");

export class KnownDepots {
  readonly #all = new Set<Depot>();
  readonly #ofVersions = new Map<Version, readonly Depot[]>();
  #noting: Set<Depot> | undefined;

  get all(): readonly Depot[] {
    return [...this.#all];
  }

  /** An object that says itself what it is, which may be a depot or a verb of one. */
  readonly note = (value: object): void => {
    const depot = (value as { readonly [depotSymbol]?: Depot })[depotSymbol] ?? (value as Depot);
    if (typeof (depot as Partial<Depot>).changedSince !== "function") return;
    this.#noting?.add(depot);
    if (this.#all.has(depot)) return;
    const [oldest] = this.#all;
    if (this.#all.size >= mostDepots && oldest !== undefined) this.#all.delete(oldest);
    this.#all.add(depot);
  };

  /** Those that are noted while `work` runs, which waits for nothing. */
  during<T>(work: () => T): { readonly value: T; readonly depots: readonly Depot[] } {
    const outer = this.#noting;
    const noted = new Set<Depot>();
    this.#noting = noted;
    try {
      return { value: work(), depots: [...noted] };
    } finally {
      this.#noting = outer;
    }
  }

  /** The version of an input, which may be a depot or hold one. */
  version(work: () => Version): Version {
    const { value: version, depots } = this.during(work);
    if (depots.length === 0) return version;
    const [oldest] = this.#ofVersions.keys();
    if (this.#ofVersions.size >= mostVersions && oldest !== undefined) this.#ofVersions.delete(oldest);
    this.#ofVersions.set(version, depots);
    return version;
  }

  /** Which a node is given. */
  inputs({ inputs }: Pick<NodeCall, "inputs">): readonly Depot[] {
    return [...inputs.values()].flatMap((version) => this.#ofVersions.get(version) ?? []);
  }
}
