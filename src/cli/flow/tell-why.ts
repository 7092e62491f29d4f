/** What is kept of a node, what made each result another than the one before, and what has changed since. */
import type { ResultStore } from "../../flow/storage/index.ts";
import type { Call } from "../command.ts";
import { printable } from "../escape.ts";
import { formatSize } from "../measure.ts";
import type { JsonObject } from "../message.ts";

export const keptNote =
  "The latest results come first, each with what was different from the one before: the code, an input, an object that was read. A line that begins with ! is something that was read and is another one by now.";

/** Whether anything is kept. */
export async function tellWhy(call: Call, store: ResultStore, node: string): Promise<boolean> {
  const found = await store.why(node, { signal: call.signal });
  await call.output.tell({
    text: () => {
      if (found === undefined) return printable(`${node}: nothing is kept`);
      const lines = found.results.flatMap(({ keptMs, ms, sizeBytes, changed }) => [
        `  ${new Date(keptMs).toISOString()}  ${formatSize(sizeBytes)}, computed in ${ms.toFixed(0)} ms`,
        ...changed.map((each) => `    ${printable(each)}`),
      ]);
      return [
        printable(node),
        ...lines,
        ...found.outdated.map(({ uri, why }) => `  ! ${printable(call.output.show(uri))}: ${printable(why)}`),
      ].join("\n");
    },
    json: () => ({ type: "why", ...((found ?? { node, results: [], outdated: [] }) as unknown as JsonObject) }),
  });
  return found !== undefined;
}
