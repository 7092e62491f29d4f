/** Hands runs to the engine. */
import type { Layer } from "../layer.ts";
import { contextOf, type Deps } from "./context.ts";
import { checkAgain, type Layered } from "./layers.ts";
import type { World } from "./world.ts";

/** Runs a node, or an item of one, on the engine. It comes back as it went into its last check, which is made here again. */
export async function send(
  node: string,
  index: number | undefined,
  values: Deps,
  run: () => Layered | Promise<Layered>,
  layers: readonly Layer[],
  world: World,
): Promise<Layered> {
  const { engine, config, signal, tell } = world;
  let here: Layered | undefined;
  const raw = await engine?.submit(
    {
      ...{ node, index, values, config, tell },
      run: async () => {
        here = await run();
        return here.raw;
      },
    },
    signal,
  );
  if (here !== undefined && here.raw === raw) return here;
  return { value: await checkAgain(layers, raw, contextOf(node, world)), raw };
}
