/** The values that come from outside: of the driver, of the execution, and keys of the configuration, which nodes may ask for. */
import type { FlowDefinition } from "./dataflow.ts";

type Named = Readonly<Record<string, unknown>>;

/** Throws TypeError for an input that is given twice. */
export async function inputsOf(_flow: FlowDefinition, config: Named, held: Named, given: Named): Promise<Named> {
  const twice = Object.keys(given).filter((name) => Object.hasOwn(held, name) && given[name] !== undefined);
  if (twice.length > 0)
    throw new TypeError(
      `the driver holds ${twice.map((name) => `'${name}'`).join(", ")} for every execution: give it once`,
    );
  return { ...config, ...held, ...given };
}
