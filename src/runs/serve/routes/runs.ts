/** Runs: made, listed, changed, and what they are made of. */
import type { RunOptions } from "../../store/index.ts";
import { runStates } from "../../store/index.ts";
import { records } from "../api/records.ts";
import { type Route, route } from "../api/route.ts";
import { choice, flag, json, list, object, optional, record, text, whole } from "../api/shape.ts";
import { checkModel } from "../guard/caller.ts";
import { note, policy, runPath } from "./fields.ts";

const settings = {
  name: optional(note),
  description: optional(note),
  options: optional(record(json)),
  baselineFirst: optional(flag),
  retries: optional(whole(0, 100)),
  timeoutSeconds: optional(whole(1, 86_400 * 30)),
};
const name = text({ min: 1, max: 200 });

export const runRoutes: readonly Route[] = [
  route({
    id: "listRuns",
    method: "GET",
    at: "/runs",
    summary: "Runs that the caller may see, the newest first, by pages",
    role: "read",
    scope: "own",
    query: {
      model: optional(name),
      version: optional(name),
      state: optional(choice(runStates)),
      search: optional(text({ max: 200 })),
      after: optional(text({ min: 1, max: 100, pattern: "^[0-9a-z]+$" })),
      limit: optional(whole(1, 1_000)),
    },
    answer: {
      status: 200,
      description: "A page; `next` is `after` of the one behind it",
      shape: object({ items: list(records.RunSummary, { max: 1_000 }), next: optional(text({ max: 100 })) }),
    },
    run({ world, caller, query }) {
      if (query.model !== undefined) checkModel(caller, query.model);
      return world.store.runs.list({ ...query, models: caller.models });
    },
  }),
  route({
    id: "createRun",
    method: "POST",
    at: "/runs",
    summary: "Make a run, which does nothing until it is started",
    role: "run",
    scope: "own",
    body: object({
      model: name,
      version: optional(name),
      policies: optional(list(policy, { max: 10_000 })),
      ...settings,
    }),
    answer: { status: 201, description: "The run", shape: records.Run },
    run({ world, caller, body }) {
      checkModel(caller, body.model);
      return world.store.runs.create({ ...body, options: body.options as RunOptions | undefined });
    },
  }),
  route({
    id: "getRun",
    method: "GET",
    at: "/runs/{run}",
    summary: "One run",
    role: "read",
    scope: "run",
    path: runPath,
    answer: { status: 200, description: "The run", shape: records.Run },
    run: async ({ run }) => run,
  }),
  route({
    id: "changeRun",
    method: "PATCH",
    at: "/runs/{run}",
    summary: "Change a run before it starts; what is left out stays",
    role: "run",
    scope: "run",
    path: runPath,
    body: object(settings),
    answer: { status: 200, description: "The run", shape: records.Run },
    run: ({ world, run, body }) =>
      world.store.runs.change(run.id, { ...body, options: body.options as RunOptions | undefined }),
  }),
  route({
    id: "deleteRun",
    method: "DELETE",
    at: "/runs/{run}",
    summary: "Delete a run that is not running; its outputs stay in the bucket",
    role: "run",
    scope: "run",
    path: runPath,
    answer: { status: 204, description: "Gone" },
    run: ({ world, run }) => world.store.runs.delete(run.id),
  }),
  route({
    id: "addPolicy",
    method: "PUT",
    at: "/runs/{run}/policies/{policy}",
    summary: "Add a policy at the end, before the run starts",
    role: "run",
    scope: "run",
    path: { ...runPath, policy },
    answer: { status: 201, description: "The run", shape: records.Run },
    run: ({ world, run, path: { policy } }) => world.store.runs.addPolicy(run.id, policy),
  }),
  route({
    id: "deletePolicy",
    method: "DELETE",
    at: "/runs/{run}/policies/{policy}",
    summary: "Take a policy and its files out, before the run starts",
    role: "run",
    scope: "run",
    path: { ...runPath, policy },
    answer: { status: 200, description: "The run", shape: records.Run },
    run: ({ world, run, path: { policy } }) => world.store.runs.deletePolicy(run.id, policy),
  }),
];
