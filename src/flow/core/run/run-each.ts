/** Runs the items of an `each`, some at a time. Items that are kept are found one by one. */
import { AsyncLocalStorage } from "node:async_hooks";
import { itemArguments, itemsOf } from "../combine/each.ts";
import { mapLimited } from "../combine/map-limited.ts";
import { bindValues } from "../combine/parameterize.ts";
import type { Unwrapped } from "../graph/unwrapped.ts";
import type { NodeContext } from "../layer.ts";
import type { Step } from "../plan/step.ts";
import { contextOf, type Deps } from "./context.ts";
import { jointSignal } from "./joint-signal.ts";
import { keepItems } from "./keep-items.ts";
import { type Layered, runLayers } from "./layers.ts";
import { send } from "./send.ts";
import type { World } from "./world.ts";

type Call = (...given: readonly unknown[]) => unknown;

export async function runEach(step: Step, { each }: Unwrapped, deps: Deps, world: World): Promise<unknown[]> {
  if (each === undefined) return [];
  const { over, as, limit, item } = each;
  const items = itemsOf(deps[over], over);
  let done = 0;
  const stop = new AbortController();
  const keep = keepItems(step, item, over, deps, world);
  const within: World = { ...world, signal: jointSignal(world.signal, stop.signal) };
  try {
    return await mapLimited(items, limit, async (value, index) => {
      within.signal.throwIfAborted();
      const run = () => runItem(step, item, itemArguments(value, deps, as), within);
      const sent = () =>
        world.engine === undefined
          ? run()
          : send(step.name, index, { ...deps, [over]: value }, run, item.layers, within);
      const placed: typeof inSlot = item.subflow === undefined ? inSlot : async (work) => work();
      const result =
        keep === undefined
          ? (await placed(sent, within)).value
          : await keep(value, index, sent, (work) => placed(work, within));
      done++;
      world.tell?.({ type: "item-end", node: step.name, index, done, of: items.length });
      return result;
    });
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

/** Runs one item here. */
export function runItem(
  step: Step,
  item: Unwrapped,
  given: readonly unknown[],
  world: World,
): Layered | Promise<Layered> {
  const context = contextOf(step.name, world);
  if (item.subflow !== undefined) {
    const mark = item.subflow;
    return runLayers(
      item.layers,
      (signal) => world.runSubflow(step, mark, given[0] as Deps, { ...world, signal }),
      context,
    );
  }
  const bound = item.bound === undefined ? given : [bindValues(given[0] as Deps, item.bound), ...given.slice(1)];
  const call = item.fn as unknown as Call;
  return runLayers(item.layers, (signal) => call(...bound, { node: step.name, signal } satisfies NodeContext), context);
}

function inSlot<T>(run: () => T | Promise<T>, { slots }: World): Promise<T> {
  // whoever gives its slot back is another item, or another node
  const within = AsyncLocalStorage.snapshot();
  return new Promise<T>((resolve, reject) => {
    slots.take(() => {
      Promise.resolve()
        .then(() => within(run))
        .finally(() => slots.giveBack(queueMicrotask))
        .then(resolve, reject);
    });
  });
}
