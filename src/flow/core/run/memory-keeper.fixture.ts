/** A store of results in memory: versions are the JSON of values, the code is the function's text. */
import { EntrepotError } from "../../../error/index.ts";
import type { KeptHit, KeptMiss, NodeCall, ResultKeeper, Version } from "../kept.ts";

export interface MemoryKeeper extends ResultKeeper {
  /** What was asked of it, in order: "find a", "load a", "run a", "recipe b". */
  readonly log: string[];
  /** Makes the kept results of a node damaged. */
  damage(node: string): void;
}

export function memoryKeeper(): MemoryKeeper {
  const entries = new Map<string, { node: string; version: Version; json: string; isDamaged: boolean }>();
  const log: string[] = [];
  const keyOf = ({ node, fn, inputs, options }: NodeCall) =>
    JSON.stringify([node, options.version ?? String(fn), [...inputs].sort()]);
  const hitOf = (call: NodeCall): KeptHit | undefined => {
    const entry = entries.get(keyOf(call));
    if (entry === undefined || call.options.behaviour === "recompute") return undefined;
    return {
      kind: "hit",
      ...{ version: entry.version, keptMs: 0, sizeBytes: entry.json.length, reads: [] },
      load: async () => {
        log.push(`load ${call.node}`);
        if (entry.isDamaged) throw new EntrepotError("integrity", "what was kept is damaged");
        return JSON.parse(entry.json);
      },
    };
  };
  const missOf = (call: NodeCall): KeptMiss => ({
    kind: "miss",
    why: "never computed",
    run: async (compute) => {
      log.push(`run ${call.node}`);
      const { value } = await compute();
      const json = JSON.stringify(value);
      entries.set(keyOf(call), { node: call.node, version: json, json, isDamaged: false });
      return { value, version: json };
    },
  });
  return {
    log,
    damage: (node) => {
      for (const entry of entries.values()) if (entry.node === node) entry.isDamaged = true;
    },
    versionOf: (value, name) => {
      if (typeof value === "function")
        throw new EntrepotError("unsupported", `${name} has no version`, { hint: "leave it out: ignore" });
      return JSON.stringify(value) ?? "undefined";
    },
    watch: async (work) => ({ value: await work(), reads: [] }),
    recipeOf: async (call) => {
      log.push(`recipe ${call.node}`);
      return `recipe ${keyOf(call)}`;
    },
    find: async (call) => hitOf(call) ?? missOf(call),
    peek: async (call) => hitOf(call) ?? missOf(call),
  };
}
