/** Outputs, read through the depot. Which object it is, the database says: no address and no path of a request is ever opened. */
import { EntrepotError } from "../../../error/index.ts";
import { refuseLinks } from "../../contract/index.ts";
import type { OutputRecord, RunStore } from "../../store/index.ts";
import { pageOf, records } from "../api/records.ts";
import { type Route, route, type World } from "../api/route.ts";
import { optional, text, whole } from "../api/shape.ts";
import { fileResponse } from "../file-response.ts";
import { previewOf } from "../preview.ts";
import { withTableNeed } from "../table-need.ts";
import { pageQuery, policy, runPath } from "./fields.ts";

const outputQuery = { policy, path: text({ min: 1, max: 2_000 }) };

export const outputRoutes: readonly Route[] = [
  route({
    id: "listOutputs",
    method: "GET",
    at: "/runs/{run}/outputs",
    summary: "What the attempts that were done have written, by pages",
    role: "read",
    scope: "run",
    path: runPath,
    query: pageQuery,
    answer: {
      status: 200,
      description: "By policy and path; `next` is `after` of the next page",
      shape: pageOf("Output"),
    },
    run: ({ world, run, query: { policy, ...page } }) =>
      world.store.tasks.outputPage(run.id, { ...page, policyId: policy }),
  }),
  route({
    id: "readOutput",
    method: "GET",
    at: "/runs/{run}/output",
    summary: "The bytes of an output",
    role: "read",
    scope: "run",
    path: runPath,
    query: outputQuery,
    reachesBuckets: true,
    answer: { status: 200, description: "Never as a page", contentType: "application/octet-stream" },
    async run({ world, run, query, signal }) {
      const output = await unchangedOutput(world, run.id, query, signal);
      return fileResponse(output.path.split("/").at(-1) || "output", bytesOf(world, output, signal));
    },
  }),
  route({
    id: "previewOutput",
    method: "GET",
    at: "/runs/{run}/preview",
    summary: "The first rows of a table, the beginning of a text, or that it is a picture",
    role: "read",
    scope: "run",
    path: runPath,
    query: { ...outputQuery, rows: optional(whole(1, 1_000)) },
    reachesBuckets: true,
    answer: { status: 200, description: "By its kind", shape: records.Preview },
    async run({ world, run, query, signal }) {
      const output = await unchangedOutput(world, run.id, query, signal);
      const preview = await previewOf(world.data, output, query.rows ?? 100, signal);
      await checkUnchanged(world, output, signal);
      return withTableNeed(preview, output);
    },
  }),
];

/** One that is still what the attempt wrote. Error: changed, also for a link. */
async function unchangedOutput(
  world: World,
  runId: string,
  asked: { readonly policy: string; readonly path: string },
  signal: AbortSignal,
): Promise<OutputRecord> {
  const output = await outputOf(world.store, runId, asked);
  await checkUnchanged(world, output, signal);
  return output;
}

async function checkUnchanged({ data }: World, output: OutputRecord, signal: AbortSignal): Promise<void> {
  await refuseLinks(output);
  const { etag } = await data.stat(output.uri, { signal });
  checkEtag(output, etag);
}

function checkEtag({ uri, etag }: OutputRecord, now: string | undefined): void {
  if (etag === now) return;
  throw new EntrepotError("changed", "The output is not what the attempt that counts has written any more", {
    uri,
    hint: "whoever wrote there since may say why; run the policy again to have its outputs anew",
  });
}

/** Of the very version that was looked at, whatever bears its name since. */
async function* bytesOf({ data }: World, output: OutputRecord, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const file = await data.open(output.uri, { signal });
  try {
    checkEtag(output, file.etag);
    yield* file.stream(undefined, { signal });
  } finally {
    await file.close();
  }
}

async function outputOf(
  store: RunStore,
  runId: string,
  { policy, path }: { readonly policy: string; readonly path: string },
): Promise<OutputRecord> {
  const outputs = await store.tasks.outputs(runId, policy);
  const output = outputs.find((each) => each.path === path);
  if (output !== undefined) return output;
  throw new EntrepotError("not-found", `policy ${JSON.stringify(policy)} of run ${runId} has no output of that path`, {
    hint: "the list of outputs says their paths; there are some when a policy is done",
  });
}
