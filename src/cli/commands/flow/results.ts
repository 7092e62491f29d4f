/** `entrepot flow results`: what is kept of flows and functions. */
import { EntrepotError } from "../../../error/index.ts";
import type { ResultStore } from "../../../flow/storage/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { openStore } from "../../flow/open-store.ts";
import { keptNote, tellWhy } from "../../flow/tell-why.ts";
import { formatCount, formatNumber, formatSize } from "../../measure.ts";
import { flag, text, texts } from "../../option.ts";
import { UsageError } from "../../usage-error.ts";

const actions = ["list", "stats", "why", "clear"] as const;

export const results: Command = defineCommand({
  name: "flow results",
  summary: "what is kept of flows: list, stats, why, clear",
  synopsis: "list|stats|why|clear [options] --store ADDRESS [<name>...]",
  operands: { min: 1, max: Number.POSITIVE_INFINITY, words: actions },
  options: {
    store: text("ADDRESS", "where results are kept: a folder, or an address"),
    all: flag("clear: of all functions"),
    functions: texts("NAME", "clear: of these; more names may follow it"),
  },
  notes: [
    keptNote,
    "clear takes --all or --functions, and one of them. Names of which nothing is kept are said after the others were cleared; the exit code is 3 then.",
  ],
  examples: [
    { line: "entrepot flow results list --store ./results", says: "a line for each function" },
    { line: "entrepot flow results stats --store ./results", says: "how many, and how large" },
    { line: "entrepot flow results clear --all --store ./results", says: "removes all of it" },
  ],
  async run(call, values, [action = "", ...names]) {
    if (!(actions as readonly string[]).includes(action))
      throw new UsageError(`flow results has no ${action}`, `one of ${actions.join(", ")}`);
    const isClear = action === "clear";
    if (!isClear && (values.all || values.functions !== undefined))
      throw new UsageError(`${action} takes neither --all nor --functions`, "they are for clear");
    const functions = [...(values.functions ?? []), ...names];
    if (isClear && values.all === (values.functions !== undefined))
      throw new UsageError("clear takes either --all or --functions", "entrepot flow results list says the names");
    if (isClear && values.all && names.length > 0)
      throw new UsageError("--all takes no names", "leave --all or the names out");
    const store = await openStore(call, values.store);
    if (store === undefined)
      throw new UsageError("there is no store to ask", "say where results are kept: --store ADDRESS");
    try {
      if (action === "clear") await clear(call, store, values.all ? "all" : functions);
      else if (action === "stats") await stats(call, store);
      else if (action === "why") await why(call, store, names);
      else await list(call, store, names);
    } finally {
      await store.close();
    }
  },
});

async function list({ output, signal }: Call, store: ResultStore, names: readonly string[]): Promise<void> {
  for await (const { node, entries, sizeBytes, keptMs } of store.list({ signal })) {
    if (names.length > 0 && !names.includes(node)) continue;
    await output.tell({
      text: () =>
        `${printable(node)}  ${formatCount(entries, "result")}, ${formatSize(sizeBytes)}, ${new Date(keptMs).toISOString()}`,
      json: () => ({ type: "node", node, entries, sizeBytes, keptMs }),
    });
  }
}

async function stats({ output, signal }: Call, store: ResultStore): Promise<void> {
  const found = await store.stats({ signal });
  await output.tell({
    text: () =>
      `${formatCount(found.nodes, "function")}, ${formatCount(found.entries, "result")}, ${formatNumber(found.values)} different, ${formatSize(found.sizeBytes)} in ${output.show(found.uri)}`,
    json: () => ({ type: "stats", ...found }),
  });
}

async function why(call: Call, store: ResultStore, names: readonly string[]): Promise<void> {
  if (names.length === 0) throw new UsageError("why of what?", "name a function: entrepot flow results list says them");
  for (const name of names) if (!(await tellWhy(call, store, name))) call.endWith("not-found");
}

async function clear(call: Call, store: ResultStore, which: readonly string[] | "all"): Promise<void> {
  const { removed, freedBytes, unknown } = await store.clear(which, { signal: call.signal });
  await call.output.tell({
    text: () => `removed ${formatCount(removed, "result")}, ${formatSize(freedBytes)}`,
    json: () => ({ type: "summary", removed, freedBytes, unknown }),
  });
  if (unknown.length === 0) return;
  call.fail(
    new EntrepotError("not-found", `nothing is kept of ${unknown.join(", ")}`, {
      hint: "entrepot flow results list says the names",
    }),
  );
}
