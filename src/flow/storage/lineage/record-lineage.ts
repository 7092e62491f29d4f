/** Records what nodes do while some work runs flows, whichever drivers it uses. */
import { AsyncLocalStorage } from "node:async_hooks";
import { inFrame, noteReads, Recorder, type SeenRead, watchedFrame } from "../../../depot/index.ts";
import type {
  Around,
  Computed,
  CoreSettings,
  KeptHit,
  KeptMiss,
  NodeCall,
  NodeInfo,
  ResultKeeper,
  Watched,
} from "../../core/index.ts";
import { type NodeData, toldData } from "./node-data.ts";
import type { NodeLineage, RunLineage } from "./run-lineage.ts";

/** What is recorded, and of which node when one runs. */
interface Recording {
  readonly nodes: NodeLineage[];
  readonly node: string | undefined;
}

/** Found by drivers wherever they are made, as what a flow reads is found wherever its depots are. */
const recordings = new AsyncLocalStorage<Recording>();

/**
 * Runs `work`, which executes flows, and tells what each node read and wrote, whether it was a hit, and when. Rejects as `work` does:
 * take `settle` for executions whose failures are to be in the lineage.
 */
export async function recordLineage<T>(
  work: () => T,
): Promise<{ readonly value: Awaited<T>; readonly lineage: RunLineage }> {
  if (typeof work !== "function") throw new TypeError("recordLineage() takes a function: what it executes is recorded");
  const outer = watchedFrame();
  const recorder = new Recorder(outer?.recorder);
  const nodes: NodeLineage[] = [];
  const startedMs = Date.now();
  const value = await recordings.run({ nodes, node: undefined }, () =>
    inFrame({ recorder, guard: outer?.guard }, work),
  );
  const ms = Date.now() - startedMs;
  return { value, lineage: { startedMs, ms, nodes, reads: recorder.reads(), writes: recorder.writes() } };
}

/** Settings of a driver that records while somebody wants it, and otherwise is as it was. */
export function withLineage<S extends CoreSettings>(settings: S): S {
  const { around, results } = settings;
  const keeper = results && recordingKeeper(results);
  return Object.defineProperties({ ...settings } as S, {
    around: { enumerable: true, get: () => (recordings.getStore() === undefined ? around : recordingAround(around)) },
    results: { enumerable: true, get: () => (recordings.getStore() === undefined ? results : keeper) },
  });
}

function recordingAround(around: Around | undefined): Around {
  return (node, next) => {
    const recording = recordings.getStore();
    const run = around === undefined ? next : () => around(node, next);
    return recording === undefined ? run() : recorded(recording, node, run);
  };
}

async function recorded(recording: Recording, { name }: NodeInfo, run: () => Promise<unknown>): Promise<unknown> {
  const outer = watchedFrame();
  const recorder = new Recorder(outer?.recorder);
  const data: NodeData[] = [];
  const startedMs = Date.now();
  const end = (how: NodeLineage["how"], error?: string) => {
    const ms = Date.now() - startedMs;
    const [reads, writes] = [recorder.reads(), recorder.writes()];
    recording.nodes.push({
      node: name,
      how,
      startedMs,
      ms,
      reads,
      writes,
      data,
      ...(error === undefined ? {} : { error }),
    });
  };
  try {
    const value = await recordings.run({ ...recording, node: name }, () =>
      toldData(
        (each) => data.push(each),
        () => inFrame({ recorder, guard: outer?.guard }, run),
      ),
    );
    end("run");
    return value;
  } catch (error) {
    end("failed", codeOf(error));
    throw error;
  }
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === "string" ? code : typeof name === "string" ? name : "Error";
}

/** What is found counts as read, as if it had been computed. */
function recordingKeeper(keeper: ResultKeeper): ResultKeeper {
  return {
    versionOf: (value, name) => keeper.versionOf(value, name),
    watch: (run) => keeper.watch(run),
    recipeOf: (call) => keeper.recipeOf(call),
    peek: (call, signal) => keeper.peek(call, signal),
    async find(call, signal) {
      const found = await keeper.find(call, signal);
      noteFound(call, found);
      return found.kind === "hit" ? found : { ...found, run: (compute) => runAndNote(call, found, compute) };
    },
  };
}

/** Another process may have computed it while this one waited to. */
async function runAndNote<T>(
  call: NodeCall,
  found: KeptMiss,
  compute: () => Promise<Watched<T>>,
): Promise<Computed<T>> {
  const computed = await found.run(compute);
  const { reads } = computed;
  if (reads !== undefined) noteFound(call, { kind: "hit", reads });
  return computed;
}

function noteFound({ node }: NodeCall, found: Pick<KeptHit, "kind" | "reads"> | KeptMiss): void {
  const recording = recordings.getStore();
  if (recording === undefined || found.kind === "miss") return;
  const reads = found.reads as readonly SeenRead[];
  noteReads(reads);
  // an item of an each is a part of the node that runs
  if (recording.node === node) return;
  recording.nodes.push({ node, how: "hit", startedMs: Date.now(), ms: 0, reads, writes: [], data: [] });
}
