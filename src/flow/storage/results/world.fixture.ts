/** A folder of results, its store and a depot, for one test. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Depot, entrepot } from "../../../depot/index.ts";
import type { EntrepotError } from "../../../error/index.ts";
import { type Clock, systemClock } from "../../../store/index.ts";
import type { CachedOptions, NodeCall, ResultKeeper } from "../../core/index.ts";
import { openResultStore } from "./result-store.ts";
import type { ResultBounds, ResultStore } from "./types.ts";

export interface ResultsWorld {
  readonly dir: string;
  readonly store: ResultStore;
  readonly data: Depot;
  readonly warnings: EntrepotError[];
  /** Goes on by as many milliseconds. */
  advance(ms: number): void;
  /** The store as another process opens it. */
  another(bounds?: ResultBounds): ResultStore;
}

export function openWorld(bounds: ResultBounds = {}): ResultsWorld {
  const root = mkdtempSync(join(tmpdir(), "entrepot-results-"));
  const data = entrepot({ cache: false });
  const warnings: EntrepotError[] = [];
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + aheadMs };
  const dir = join(root, "results");
  const onWarning = (error: EntrepotError) => void warnings.push(error);
  const another = (given = bounds) => openResultStore({ dir, data, onWarning, ...given }, clock);
  const store = another();
  onTestFinished(async () => {
    await store.close();
    await data.close();
    rmSync(root, { recursive: true });
  });
  const advance = (ms: number) => {
    aheadMs += ms;
  };
  return { dir, store, data, warnings, advance, another };
}

type Compute = (...given: never[]) => unknown;

/** One call as an execution makes it: what came of it, and how. */
export async function ask(
  keeper: ResultKeeper,
  fn: Compute,
  inputs: Readonly<Record<string, unknown>> = {},
  options: CachedOptions & { readonly node?: string } = {},
): Promise<{ readonly value: unknown; readonly why: string | undefined; readonly version: string }> {
  const { node = "spend", ...rest } = options;
  const versions = Object.entries(inputs).map(([name, value]) => [name, keeper.versionOf(value, name)] as const);
  const call: NodeCall = { node, fn, inputs: new Map(versions), options: rest };
  const found = await keeper.find(call);
  if (found.kind === "hit") return { value: await found.load(), why: undefined, version: found.version };
  const run = fn as (given: unknown) => unknown;
  const { value, version } = await found.run(() => keeper.watch(() => run(inputs)));
  return { value, why: found.why, version };
}
