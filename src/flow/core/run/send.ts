/** Hands runs to the engine. */
import type { Deps } from "./context.ts";
import type { Layered } from "./layers.ts";
import type { World } from "./world.ts";

/** Runs a node, or an item of one, on the engine. It comes back as it went into its last check, which is made here again. */
export async function send(
  node: string,
  index: number | undefined,
  values: Deps,
  run: () => Layered | Promise<Layered>,
  { engine, config, signal }: World,
): Promise<Layered> {
  let here: Layered | undefined;
  const raw = await engine?.submit(
    {
      ...{ node, index, values, config },
      run: async () => {
        here = await run();
        return here.raw;
      },
    },
    signal,
  );
  return here !== undefined && here.raw === raw ? here : { value: raw, raw };
}
