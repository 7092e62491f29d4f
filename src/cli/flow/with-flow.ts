/** The flow, the inputs and the store of results that a command line names, open for the time of some work. */
import type { FlowDriver, LooseSettings } from "../../flow/core/index.ts";
import { keeperOf, type ResultStore } from "../../flow/storage/index.ts";
import type { Call } from "../command.ts";
import type { ValuesOf } from "../option.ts";
import { type flowOptions, type inputOptions, inputsOf, openFlow, splitOperands } from "./flow-options.ts";
import { holdModuleDepots } from "./module-depots.ts";
import { openStore } from "./open-store.ts";

export interface OpenedFlow {
  readonly driver: FlowDriver;
  /** Read when they are asked for. */
  readonly inputs: () => Promise<Readonly<Record<string, unknown>>>;
  /** Nodes that the operands name, in their order; they are not checked. */
  readonly nodes: readonly string[];
  /** Where `--store` is given. */
  readonly store: ResultStore | undefined;
}

export async function withFlow(
  call: Call,
  values: ValuesOf<typeof flowOptions & typeof inputOptions>,
  operands: readonly string[],
  work: (opened: OpenedFlow) => Promise<void>,
  settings: Pick<LooseSettings, "onEvent"> = {},
): Promise<void> {
  const { files, nodes } = splitOperands(operands);
  const release = await holdModuleDepots(call);
  let store: ResultStore | undefined;
  try {
    store = await openStore(call, values.store);
    const { driver } = await openFlow(files, values, { ...settings, results: keeperOf(store) });
    await work({ driver, nodes, store, inputs: () => inputsOf(() => call.depot(), values) });
  } finally {
    release();
    await store?.close();
  }
}
