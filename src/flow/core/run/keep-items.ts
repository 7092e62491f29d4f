/** Results of the items of an `each` whose function is `cached`: each item is found, or computed and kept, by itself. */
import { isEntrepotError } from "../../../error/index.ts";
import type { Unwrapped } from "../graph/unwrapped.ts";
import type { NodeCall, ResultKeeper, Version } from "../kept.ts";
import type { Step } from "../plan/step.ts";
import { contextOf, type Deps } from "./context.ts";
import { variantOf } from "./kept-call.ts";
import { checkAgain, type Layered } from "./layers.ts";
import type { World } from "./world.ts";

export type KeepItem = (
  value: unknown,
  index: number,
  compute: () => Layered | Promise<Layered>,
  inSlot: <T>(run: () => T | Promise<T>) => Promise<T>,
) => Promise<unknown>;

/** `undefined` where items are not kept. */
export function keepItems(step: Step, item: Unwrapped, over: string, deps: Deps, world: World): KeepItem | undefined {
  const { keeper, behaviours, signal } = world;
  const behaviour = behaviours[step.name] ?? item.cached?.behaviour ?? "default";
  if (keeper === undefined || item.cached === undefined || item.isVolatile) return undefined;
  if (behaviour === "ignore" || behaviour === "disable") return undefined;
  const options = { ...item.cached, behaviour };
  const ignored = new Set(options.ignore);
  let others: ReadonlyMap<string, Version> | undefined;
  return async (value, index, compute, inSlot) => {
    others ??= versionsOf(deps, keeper, (name) => name === over || ignored.has(name));
    const version = keeper.versionOf(value, `${over}[${index}]`);
    const call: NodeCall = {
      node: step.name,
      fn: item.fn,
      inputs: new Map([...others, ...boundVersions(item, others, keeper, ignored), [`${over}[]`, version]]),
      options,
      variant: step.node === undefined ? undefined : variantOf(step.node),
      told: step.name,
    };
    const found = await keeper.find(call, signal);
    if (found.kind === "hit") {
      try {
        const loaded = await checkAgain(item.layers, await found.load(), contextOf(step.name, world));
        world.tell?.({ type: "item-hit", node: step.name, index });
        return loaded;
      } catch (error) {
        if (!isEntrepotError(error, "integrity")) throw error;
      }
    }
    const miss =
      found.kind === "miss" ? found : await keeper.find({ ...call, options: { ...options, behaviour: "recompute" } });
    if (miss.kind === "hit") return miss.load();
    let computed: Layered | undefined;
    // whoever has a lock waits for no slot, which somebody may have who waits for the lock
    const { value: raw } = await inSlot(() =>
      miss.run(() =>
        keeper.watch(async () => {
          computed = await compute();
          return computed.raw;
        }),
      ),
    );
    return computed === undefined
      ? checkAgain(item.layers, raw, contextOf(step.name, world))
      : (computed as Layered).value;
  };
}

/** Values and names that `parameterize` has put in the place of what the function asks for. */
function boundVersions(
  { bound = {} }: Unwrapped,
  others: ReadonlyMap<string, Version>,
  keeper: ResultKeeper,
  ignored: ReadonlySet<string>,
): ReadonlyMap<string, Version> {
  const versions = new Map<string, Version>();
  for (const [inner, binding] of Object.entries(bound)) {
    if (ignored.has(inner)) continue;
    const is = "value" in binding ? keeper.versionOf(binding.value, inner) : others.get(binding.source);
    if (is !== undefined) versions.set(`${inner} is`, is);
  }
  return versions;
}

function versionsOf(
  deps: Deps,
  keeper: ResultKeeper,
  isLeftOut: (name: string) => boolean,
): ReadonlyMap<string, Version> {
  const counted = Object.entries(deps).filter(([name]) => !isLeftOut(name));
  return new Map(counted.map(([name, value]) => [name, keeper.versionOf(value, name)]));
}
