/** A run on its way: started, tried again, cancelled, watched. */
import { eventTypes } from "../../store/index.ts";
import { listOf, pageOf } from "../api/records.ts";
import { type Route, route } from "../api/route.ts";
import { choice, flag, list, object, optional, whole } from "../api/shape.ts";
import { eventStream, lastEventId } from "../event-stream.ts";
import { note, pageQuery, policy, policyQuery, runPath } from "./fields.ts";

const policies = optional(list(policy, { min: 1, max: 10_000 }));

export const taskRoutes: readonly Route[] = [
  route({
    id: "startRun",
    method: "POST",
    at: "/runs/{run}/start",
    summary: "Start a run: a task for every policy; what it is made of is fixed from then on",
    role: "run",
    scope: "run",
    path: runPath,
    answer: { status: 200, description: "Its tasks", shape: listOf("Task") },
    async run({ world, run }) {
      // who asks again sends what was not sent, as when a queue could not be reached
      const tasks =
        run.state === "running" ? await world.store.tasks.list(run.id) : await world.store.runs.start(run.id);
      if (tasks.length > 0) await world.onStart(run.id);
      return tasks;
    },
  }),
  route({
    id: "retryRun",
    method: "POST",
    at: "/runs/{run}/retry",
    summary: "Try again what failed or was cancelled, or these policies whatever they ended in",
    role: "run",
    scope: "run",
    path: runPath,
    body: object({ policies }),
    answer: { status: 200, description: "The tasks that may run again", shape: listOf("Task") },
    async run({ world, run, body }) {
      const tasks = await world.store.runs.retry(run.id, body.policies);
      if (tasks.length > 0) await world.onStart(run.id);
      return tasks;
    },
  }),
  route({
    id: "cancelRun",
    method: "POST",
    at: "/runs/{run}/cancel",
    summary: "Cancel what has not ended, or these policies of it",
    role: "run",
    scope: "run",
    path: runPath,
    body: object({ policies, reason: optional(note) }),
    answer: { status: 200, description: "The tasks that changed", shape: listOf("Task") },
    run: ({ world, run, body, caller }) =>
      world.store.runs.cancel(run.id, {
        policyIds: body.policies,
        reason: body.reason ?? `cancelled by ${caller.name}`,
      }),
  }),
  route({
    id: "listTasks",
    method: "GET",
    at: "/runs/{run}/tasks",
    summary: "Tasks of a run, in the order of its policies, by pages; none before the start",
    role: "read",
    scope: "run",
    path: runPath,
    query: pageQuery,
    answer: { status: 200, description: "A page; `next` is `after` of the one behind it", shape: pageOf("Task") },
    run: ({ world, run, query: { policy, ...page } }) => world.store.tasks.page(run.id, { ...page, policyId: policy }),
  }),
  route({
    id: "listAttempts",
    method: "GET",
    at: "/runs/{run}/policies/{policy}/attempts",
    summary: "Attempts at a policy, in their order; none before the start",
    role: "read",
    scope: "run",
    path: { ...runPath, policy },
    answer: { status: 200, description: "All of them", shape: listOf("Attempt") },
    async run({ world, run, path }) {
      const [task] = (await world.store.tasks.page(run.id, { policyId: path.policy })).items;
      return task === undefined ? [] : world.store.tasks.attempts(task.id);
    },
  }),
  route({
    id: "watchRun",
    method: "GET",
    at: "/runs/{run}/events",
    summary: "What happens in the run, as server-sent events; the id of each is where one goes on",
    role: "read",
    scope: "run",
    path: runPath,
    query: {
      ...policyQuery,
      after: optional(whole(0, Number.MAX_SAFE_INTEGER)),
      follow: optional(flag),
      type: optional(choice(eventTypes)),
    },
    headers: { "Last-Event-ID": { type: "string", description: "The last event that was seen; before `after`" } },
    answer: { status: 200, description: "Ends with the run", contentType: "text/event-stream" },
    async run({ world, run, caller, query: { policy, after, follow, type }, request, signal }) {
      const settings = {
        after: lastEventId(request) ?? after,
        follow,
        policyId: policy,
        types: type === undefined ? undefined : [type],
      };
      const watch = (signal: AbortSignal) => world.store.watch(run.id, { ...settings, signal });
      const onEnd = world.streams.open(caller.holder);
      return eventStream({ watch, every: world.every, signal, isStill: caller.isStill, onEnd });
    },
  }),
];
