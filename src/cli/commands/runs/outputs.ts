/** `entrepot runs outputs`: what the policies of a run wrote, and copies of it. */
import type { Depot } from "../../../depot/index.ts";
import { EntrepotError, isEntrepotError } from "../../../error/index.ts";
import { type OutputRecord, type RunStore, repairOutputs } from "../../../runs/index.ts";
import { type Call, type Command, defineCommand } from "../../command.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatSize } from "../../measure.ts";
import { text } from "../../option.ts";
import { columnLines } from "../../runs/columns.ts";
import { namedPolicy, namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { recordJson } from "../../runs/record-json.ts";
import { copying, tellTransfer } from "../../transfer-message.ts";
import { UsageError } from "../../usage-error.ts";

/** How many are looked at together. */
const askedAtOnce = 32;

export const outputs: Command = defineCommand({
  name: "runs outputs",
  summary: "what the policies of a run wrote; with --get copies of it",
  synopsis: "[options] <run>",
  operands: { min: 1, max: 1 },
  options: {
    policy: text("NAME", "of this policy only"),
    get: text("FOLDER", "copy them to <FOLDER>/<policy>/"),
    ...runsOptions,
  },
  notes: [
    "Those of the attempts that were done. What was replaced or removed since is said, and is not copied.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs outputs test", says: "what there is" },
    { line: "entrepot runs outputs test --policy high --get ./results", says: "copies, in ./results/high/" },
  ],
  async run(call, values, [word = ""]) {
    const { policy, get } = values;
    if (get === "") throw new UsageError("--get names no folder", "the working folder is .");
    const { found, all } = await withRuns(call, values, async (store) => {
      const run = await namedRun(store, word);
      const policyId = policy === undefined ? undefined : namedPolicy(run, policy);
      await repair(call, store, run.id);
      return { found: await store.tasks.outputs(run.id, policyId), all: run.policies };
    });
    if (get === undefined) await tellOutputs(call, found);
    else await getOutputs(call, await call.depot("many"), get, found, all);
  },
});

/** What a worker that died has not said in the bucket; who may not write there has the outputs all the same. */
async function repair(call: Call, store: RunStore, runId: string): Promise<void> {
  if ((await store.tasks.unpublished({ runId, limit: 1 })).length === 0) return;
  try {
    await repairOutputs(await call.depot(), store, runId, { signal: call.signal });
  } catch (error) {
    if (!isEntrepotError(error) || call.signal.aborted) throw error;
    const { message } = error;
    call.output.say({
      text: () => printable(`outputs.json beside the outputs could not be brought up to date: ${message}`),
      json: () => ({ type: "warning", message }),
    });
  }
}

async function tellOutputs({ output }: Call, found: readonly OutputRecord[]): Promise<void> {
  const lines = columnLines(
    found.map(({ policyId, path, sizeBytes, uri }) => [policyId, path, formatSize(sizeBytes), output.show(uri)]),
  );
  for (const [at, each] of found.entries())
    await output.tell({ text: () => lines[at], json: () => recordJson("output", each) });
  const sizeBytes = found.reduce((sum, each) => sum + each.sizeBytes, 0);
  await output.tell({
    text: () => (output.quiet ? undefined : `${formatCount(found.length, "output")}, ${formatSize(sizeBytes)}`),
    json: () => ({ type: "summary", outputs: found.length, sizeBytes }),
  });
}

async function getOutputs(
  call: Call,
  depot: Depot,
  folder: string,
  found: readonly OutputRecord[],
  policies: readonly string[],
): Promise<void> {
  const base = folder.endsWith("/") ? folder : `${folder}/`;
  for (const policy of policies) {
    const own = await asRecorded(
      call,
      depot,
      found.filter(({ policyId }) => policyId === policy),
    );
    if (own.length === 0) continue;
    try {
      await tellTransfer(call, copying, (options) =>
        depot.copy(listed(own), `${base}${policy}/`, { ...options, signal: call.signal }),
      );
    } catch (error) {
      if (!isEntrepotError(error) || call.signal.aborted) throw error;
      call.fail(error);
    }
  }
  if (found.length === 0) await tellOutputs(call, found);
}

/** Those that are still what was recorded; the others are said. */
async function asRecorded(call: Call, depot: Depot, found: readonly OutputRecord[]): Promise<readonly OutputRecord[]> {
  const same: OutputRecord[] = [];
  for (let at = 0; at < found.length; at += askedAtOnce) {
    const some = found.slice(at, at + askedAtOnce);
    const stats = await Promise.allSettled(some.map(({ uri }) => depot.stat(uri)));
    call.signal.throwIfAborted();
    for (const [index, each] of some.entries()) {
      const stat = stats[index];
      if (stat?.status !== "fulfilled") call.fail(stat?.reason);
      else if (stat.value.etag === each.etag) same.push(each);
      else call.fail(changed(each.uri));
    }
  }
  return same;
}

function changed(uri: string): EntrepotError {
  return new EntrepotError("precondition-failed", `${uri} is not what the policy wrote any more`, {
    uri,
    hint: "entrepot cp copies what is there now",
  });
}

async function* listed(found: readonly OutputRecord[]): AsyncGenerator<OutputRecord> {
  yield* found;
}
