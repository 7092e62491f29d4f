/** What every action over a flow takes: its modules, its configuration, its inputs and the nodes that are wanted. */
import type { Depot } from "../../depot/index.ts";
import { closest } from "../../error/index.ts";
import { type FlowDriver, type LooseSettings, openDriver } from "../../flow/core/index.ts";
import { withLineage } from "../../flow/storage/index.ts";
import { namedValues } from "../named-values.ts";
import { text, texts, type ValueOption, type ValuesOf } from "../option.ts";
import { UsageError } from "../usage-error.ts";
import { loadFlow } from "./load-flow.ts";

type Named = Readonly<Record<string, unknown>>;

export const flowOptions: {
  readonly flow: ValueOption<string>;
  readonly config: ValueOption<readonly string[]>;
} = {
  flow: text("NAME", "the export that is the flow (flow, or default)"),
  config: texts("KEY=VALUE", "configuration, as often as needed"),
};

export const inputOptions: {
  readonly input: ValueOption<readonly string[]>;
  readonly inputs: ValueOption<string>;
  readonly store: ValueOption<string>;
} = {
  input: texts("NAME=VALUE", "an input, as often as needed"),
  inputs: text("ADDRESS", "inputs as one object of a JSON file; --input counts before it"),
  store: text("ADDRESS", "where results of cached nodes are kept: a folder, or an address"),
};

export const flowNote =
  "A module is a file of JavaScript or TypeScript that exports a flow, or functions, which are nodes then: what they destructure are their edges. Other operands are names of nodes. TypeScript runs as it is from Node 22.18 on, before with the package tsx.";
/** Of the actions that run or load modules with a store at hand. */
export const depotNote =
  "Settings of the command line, such as --offline, --attempts and --profile, hold for the depots that modules open, too, where those do not say otherwise themselves.";

/** Operands that are files of modules, and those that are names of nodes. */
export function splitOperands(operands: readonly string[]): { readonly files: string[]; readonly nodes: string[] } {
  const isFile = (operand: string) => /\.[cm]?[jt]sx?$/.test(operand) || /[\\/]/.test(operand);
  return { files: operands.filter(isFile), nodes: operands.filter((operand) => !isFile(operand)) };
}

/** A driver of the flow that the files define. Errors: `misconfigured` for a key of the configuration that means nothing to it. */
export async function openFlow(
  files: readonly string[],
  values: ValuesOf<typeof flowOptions>,
  settings: LooseSettings = {},
): Promise<{ readonly flow: object; readonly driver: FlowDriver }> {
  const { flow } = await loadFlow(files, values.flow);
  const config = namedValues("--config", values.config);
  const driver = openDriver(flow, withLineage({ ...settings, config }));
  await driver.checkConfig();
  return { flow, driver };
}

/** All inputs: those of the file, and those of the command line, which count before them. */
export async function inputsOf(
  depot: () => Promise<Depot>,
  { input, inputs }: Pick<ValuesOf<typeof inputOptions>, "input" | "inputs">,
): Promise<Named> {
  const named = namedValues("--input", input);
  if (inputs === undefined) return named;
  const found: unknown = await (await depot()).readJson(inputs);
  if (typeof found !== "object" || found === null || Array.isArray(found))
    throw new UsageError(`${inputs} is no object of inputs by name`, 'write { "name": value, … }');
  return { ...found, ...named };
}

/** UsageError for names that no node has, and where none is wanted. */
export function checkNodes(driver: FlowDriver, nodes: readonly string[]): void {
  const all = driver.nodes().map(({ name }) => name);
  if (nodes.length === 0) {
    const some = all.slice(0, 20).join(", ");
    throw new UsageError("no node is asked for", `name one or more: ${some}${all.length > 20 ? ", …" : ""}`);
  }
  for (const node of nodes) {
    if (all.includes(node)) continue;
    const near = closest(node, all);
    throw new UsageError(
      `the flow has no node ${node}`,
      near === undefined ? "entrepot flow list" : `did you mean ${near}?`,
    );
  }
}
