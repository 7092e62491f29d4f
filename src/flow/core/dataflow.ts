/** A flow: named modules of functions. Defining one runs nothing and checks nothing but the names of modules. */
import { closest } from "../../error/index.ts";
import type { Flow } from "./types/flow.ts";
import type { StandardSchema } from "./types/schema.ts";
import type { Modules } from "./types/universe.ts";

/** What a flow is at run time. */
export interface FlowDefinition {
  readonly modules: Modules;
  /** Of all inputs as one object, or of each. */
  readonly schema: StandardSchema | Readonly<Record<string, StandardSchema>> | undefined;
}

/**
 * A dataflow of the exported functions of some modules: `dataflow({ loaders, marketing }).inputs<{ path: string }>()`. Exports
 * are nodes, the names that they destructure are the edges; names that begin with `_` are private. Modules are `import * as`
 * namespaces or plain objects. Whether it is sound is seen where a driver is made of it.
 */
export function dataflow<const M extends Modules>(modules: M): Flow<M, {}, {}> {
  return make({ modules, schema: undefined }) as unknown as Flow<M, {}, {}>;
}

/** What a flow is at run time; TypeError for what is none. */
export function definitionOf(flow: object): FlowDefinition {
  const { modules } = flow as Partial<FlowDefinition>;
  if (typeof modules !== "object" || modules === null)
    throw new TypeError("driver() takes a flow: dataflow({ module, … })");
  return flow as FlowDefinition;
}

function make({ modules, schema }: FlowDefinition): FlowDefinition & object {
  return Object.freeze({
    modules,
    schema,
    inputs: (declared?: FlowDefinition["schema"]) => make({ modules, schema: declared }),
    config: () => make({ modules, schema }),
    with: (replacements: Modules) => {
      checkReplacements(modules, replacements);
      return make({ modules: { ...modules, ...replacements }, schema });
    },
  });
}

/** Plain JavaScript has no compiler to say that a module lacks a node. */
function checkReplacements(modules: Modules, replacements: Modules): void {
  for (const [name, module] of Object.entries(replacements)) {
    const replaced = modules[name];
    if (replaced === undefined) {
      const near = closest(name, Object.keys(modules));
      const meant = near === undefined ? `it has ${Object.keys(modules).join(", ")}` : `did you mean ${near}?`;
      throw new TypeError(`the flow has no module '${name}' to replace: ${meant}`);
    }
    const there = new Set(Object.keys(module).map(nodeName));
    const missing = [...new Set(Object.keys(replaced).filter(isNodeName).map(nodeName))].filter(
      (key) => !there.has(key),
    );
    if (missing.length > 0)
      throw new TypeError(`the module in the place of '${name}' lacks ${missing.map((key) => `'${key}'`).join(", ")}`);
  }
}

/** Whether an export is a node: private names and the default export are none. */
export function isNodeName(name: string): boolean {
  return name !== "default" && !name.startsWith("_");
}

/** The node that a variant stands for: `factor` of `factor__us`. */
export function nodeName(exported: string): string {
  const at = exported.indexOf("__");
  return at > 0 && at < exported.length - 2 ? exported.slice(0, at) : exported;
}
