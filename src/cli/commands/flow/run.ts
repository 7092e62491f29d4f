/** `entrepot flow run`: computes nodes, prints or saves what they give. */
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import {
  type FlowDriver,
  failedNode,
  type LooseOptions,
  pictureAfter,
  type RunEvent,
} from "../../../flow/core/index.ts";
import {
  formOfUri,
  type InputsLock,
  lockOf,
  readLock,
  recordLineage,
  withLock,
  writeAs,
  writeLock,
} from "../../../flow/storage/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { pictureFormatOf, writePicture } from "../../flow/draw-flow.ts";
import { checkNodes, depotNote, flowNote, flowOptions, inputOptions } from "../../flow/flow-options.ts";
import { NodeFailed } from "../../flow/node-failed.ts";
import { eventTeller } from "../../flow/tell-events.ts";
import { tellValue } from "../../flow/tell-value.ts";
import { type OpenedFlow, withFlow } from "../../flow/with-flow.ts";
import { valueNote } from "../../named-values.ts";
import { count, flag, text, texts } from "../../option.ts";
import { UsageError } from "../../usage-error.ts";

export const run: Command = defineCommand({
  name: "flow run",
  summary: "compute nodes and what they need, and nothing else",
  synopsis: "[options] <module>... [<node>...]",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    ...flowOptions,
    ...inputOptions,
    out: texts("NODE=ADDRESS", "compute a node and write it, by suffix; as often as needed"),
    concurrency: count("N", "nodes at a time (8)", undefined, 1),
    "keep-going": flag("when a node fails, go on with what does not need it"),
    picture: text("ADDRESS", "draw what ran, was found or failed: .svg .html .dot .mmd .txt"),
    lock: text("ADDRESS", "write what was read: every object with its version"),
    frozen: text("ADDRESS", "read exactly what this lock says, or nothing"),
  },
  notes: [
    flowNote,
    depotNote,
    valueNote,
    "The first node that fails ends the run, unless --keep-going says otherwise.",
    "Nodes are printed, those of --out are written: text as it is, tables as tables, everything else as JSON.",
    "--frozen ends with code 6 when an input is another one by now and its version of then is not kept, and when a node reads what is not in the lock.",
  ],
  examples: [
    { line: "entrepot flow run nodes.mjs total --input start=2", says: "prints it" },
    { line: "entrepot flow run nodes.mjs --out total=total.json --input start=2", says: "writes it" },
    {
      line: "entrepot flow run nodes.mjs total --input start=2 --store ./results --lock inputs.lock.json",
      says: "keeps results of cached nodes, and what was read",
    },
  ],
  async run(call, values, operands) {
    const events: RunEvent[] = [];
    const isKept = ({ type }: RunEvent) =>
      type === "node-failed" || (values.picture !== undefined && type !== "item-end");
    const tell = eventTeller(call);
    const onEvent = (event: RunEvent) => {
      if (isKept(event)) events.push(event);
      tell(event);
    };
    const targets = targetsOf(values.out ?? []);
    if (values.picture !== undefined) pictureFormatOf(values.picture);
    const work = async ({ driver, nodes, inputs }: OpenedFlow) => {
      const wanted = [...new Set([...nodes, ...targets.keys()])];
      checkNodes(driver, wanted);
      const { concurrency, lock, frozen, picture } = values;
      const depot = await call.depot();
      const held = frozen === undefined ? undefined : await readLock(depot, frozen, { signal: call.signal });
      // the file of inputs is an input of the run as well
      const compute = () =>
        recordLineage(async () => {
          const options = {
            inputs: await inputs(),
            signal: call.signal,
            ...(concurrency === undefined ? {} : { concurrency }),
          };
          const planned =
            picture === undefined ? undefined : await driver.plan(wanted, { inputs: options.inputs }).picture();
          const settled = await settle(driver, wanted, options, { keepGoing: values["keep-going"], events });
          return { planned, settled };
        });
      const {
        value: { planned, settled },
        lineage,
      } = await (held !== undefined
        ? withLock(depot, held, compute).catch((error: unknown) => {
            throw asConflict(error);
          })
        : compute());
      if (picture !== undefined && planned !== undefined)
        call.output.say(await writePicture(call, pictureAfter(planned, events), picture));
      if (settled.failures.length > 0 && !values["keep-going"]) throw failureOf(settled.failures, held);
      for (const name of wanted) {
        if (!Object.hasOwn(settled.values, name)) continue;
        const value = settled.values[name];
        const to = targets.get(name);
        if (to === undefined) {
          await tellValue(call, name, value, wanted.length === 1);
          continue;
        }
        const { uri, sizeBytes } = await writeAs(depot, formOfUri(to), to, value, { signal: call.signal });
        await call.output.tell({
          text: () => `${printable(name)} -> ${call.output.show(uri)}`,
          json: () => ({ type: "saved", name, uri, sizeBytes }),
        });
      }
      if (lock !== undefined) await writeLock(depot, lock, lockOf(lineage.reads), { signal: call.signal });
      for (const { node, because } of settled.skipped)
        call.output.say({
          text: () => `not run: ${printable(node)}, which needs ${printable(because)}`,
          json: () => ({ type: "skipped", node, because }),
        });
      for (const failure of settled.failures) call.fail(failureOf([failure], held));
    };
    await withFlow(call, values, operands, work, { onEvent });
  },
});

/** An input that is another one than the lock says ends with the code of a condition that does not hold, whoever notices it. */
function asConflict(error: unknown): unknown {
  if (!isEntrepotError(error, "changed")) return error;
  const { message, uri, hint } = error;
  return Object.assign(
    new EntrepotError("precondition-failed", message, { uri, hint, cause: error }),
    failedNode(error),
  );
}

/** UsageError for what has no address, and for a node that has two. */
function targetsOf(given: readonly string[]): Map<string, string> {
  const targets = new Map<string, string>();
  for (const pair of given) {
    const at = pair.indexOf("=");
    if (at < 1 || at === pair.length - 1)
      throw new UsageError(
        `--out ${pair} has no address`,
        "write --out node=address, or name the node alone to print it",
      );
    const name = pair.slice(0, at);
    if (targets.has(name)) throw new UsageError(`--out ${name} is given twice`, "copy what was written instead");
    targets.set(name, pair.slice(at + 1));
  }
  return targets;
}

/** What a node threw, with the name of the node; an error of ours stays what it is, but for what a lock forbids. */
function failureOf(
  [first]: readonly { readonly node: string; readonly error: unknown }[],
  held: InputsLock | undefined,
): unknown {
  const { node = "", error } = first ?? {};
  if (!isEntrepotError(error)) return new NodeFailed(node, error);
  return held === undefined ? error : asConflict(error);
}

/** Everything that is wanted. With `keepGoing` what fails and what needs it are left out; otherwise the first failure ends it. */
async function settle(
  driver: FlowDriver,
  wanted: readonly string[],
  options: LooseOptions,
  { keepGoing, events }: { readonly keepGoing: boolean | undefined; readonly events: readonly RunEvent[] },
): Promise<Awaited<ReturnType<FlowDriver["settle"]>>> {
  if (keepGoing) return driver.settle(wanted, options);
  try {
    return { values: await driver.execute(wanted, options), failures: [], skipped: [] };
  } catch (error) {
    const failed = events.find((event) => event.type === "node-failed" && event.error === error);
    if (failed?.type !== "node-failed") throw error;
    return { values: {}, failures: [{ node: failed.node, error }], skipped: [] };
  }
}
