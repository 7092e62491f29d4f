/** `entrepot flow worker`: runs nodes for the drivers of other processes and machines. */
import { flowWorker } from "../../../flow/storage/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { depotNote, flowNote, flowOptions, openFlow, splitOperands } from "../../flow/flow-options.ts";
import { holdModuleDepots } from "../../flow/module-depots.ts";
import { count, text } from "../../option.ts";
import { UsageError } from "../../usage-error.ts";

export const worker: Command = defineCommand({
  name: "flow worker",
  summary: "run nodes for drivers of other processes, until it is stopped",
  synopsis: "[options] --database PLACE --store ADDRESS <module>...",
  operands: { min: 1, max: Number.POSITIVE_INFINITY },
  options: {
    ...flowOptions,
    database: text("PLACE", "URL of a PostgreSQL server, or a folder of this machine"),
    store: text("ADDRESS", "where values lie that travel between drivers and workers"),
    name: text("NAME", "drivers and workers of one name work together (flow)"),
    concurrency: count("N", "nodes at a time (1)", undefined, 1),
  },
  notes: [
    flowNote,
    depotNote,
    "Ctrl-C takes nothing more and waits for what runs. A worker that is killed loses nothing: another takes over what it ran. Needs the packages pg-boss and pg, or @electric-sql/pglite and @electric-sql/pglite-socket.",
  ],
  examples: [
    {
      line: "entrepot flow worker --database postgres://localhost/flows --store s3://my-bucket/values/ flow.mjs",
      says: "one of several",
    },
    {
      line: "entrepot flow worker --database ./queue --store ./values --concurrency 2 flow.mjs",
      says: "for the processes of one machine, without a server",
    },
  ],
  async run(call, values, operands) {
    const { files, nodes } = splitOperands(operands);
    if (nodes.length > 0)
      throw new UsageError(`${nodes[0]} is no file of a module`, "a worker runs whatever is asked of it");
    const { database, store, name, concurrency } = values;
    if (database === undefined || store === undefined)
      throw new UsageError("a worker needs --database and --store", "the same as the driver's queueEngine()");
    // to the end: a worker is all that its process does
    await holdModuleDepots(call);
    const { flow } = await openFlow(files, values);
    const { output, interrupted } = call;
    const running = await flowWorker({
      ...{ flow, database, store, name, concurrency, data: await call.depot() },
      onWarning: (error) => {
        const message = error instanceof Error ? error.message : String(error);
        output.say({
          text: () => `warning: tried again: ${printable(message)}`,
          json: () => ({ type: "warning", message }),
        });
      },
      onTask: ({ node, index, attempt, ms, error }) =>
        output.say({
          text: () =>
            printable(
              `${node}${index === undefined ? "" : `[${index}]`} ${error === undefined ? `${ms.toFixed(0)} ms` : `failed: ${error}`}`,
            ),
          json: () => ({ type: "task", node, index: index ?? null, attempt, ms, failed: error !== undefined }),
        }),
    });
    await output.tell({ text: () => `waits for nodes of ${files.join(", ")}`, json: () => ({ type: "ready" }) });
    await output.flush();
    if (!interrupted.aborted)
      await new Promise((resolve) => interrupted.addEventListener("abort", resolve, { once: true }));
    await running.stop();
  },
});
