/** Runs that belong to jobs of a service, beside workers that wait on the same database; each job is executed as its service would. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Depot, entrepot } from "../../src/index.ts";
import {
  cancelJobs,
  describeJobs,
  resubmitRun,
  runTask,
  type Submitter,
  submitJobs,
  submitRun,
  submitterOf,
} from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { type FakeService, jobOptions, key, startBatch, startKubernetes } from "./fake-services.ts";
import { openRunWorld, type RunWorld } from "./run-world.ts";

// jobs are started elsewhere, so that a folder of this machine is none of their databases
describe.each(kinds.filter(({ kind }) => kind === "server"))("on a $kind", { timeout: 60_000 }, ({ open }) => {
  let world: RunWorld;
  /** Where the jobs would write; asked for addresses only. */
  let cloud: Depot;
  let batch: FakeService;
  let submitter: Submitter;
  beforeAll(async () => {
    world = await openRunWorld(open);
    cloud = entrepot(jobOptions);
  }, 120_000);
  afterAll(async () => {
    await cloud.close();
    await world.close();
  });
  beforeEach(async () => {
    batch = await startBatch(key);
    const service = { queue: "q", jobDefinition: "d", endpoint: batch.url };
    submitter = submitterOf("batch", { data: cloud, options: jobOptions, service });
    return async () => {
      await submitter.close();
      await batch.close();
    };
  });

  const created = async (script: string, policies = ["base", "p1", "p2"]) => {
    const { id } = await world.store.runs.create({
      ...{ model: await world.model(script), policies, retries: 1, baselineFirst: true },
    });
    return id;
  };
  const executed = (runId: string, policyId: string) =>
    runTask(world.data, { store: world.store, runId, policyId, silentMs: 1_000 });
  /** When workers that wait have looked for what is ready, and have executed all of it that they may. */
  const looked = async () => {
    const id = await world.submitted("true");
    await world.ended(id);
  };
  const states = async (id: string) =>
    (await world.store.tasks.list(id)).map(({ state, attempts }) => [state, attempts]);

  test("what was submitted to a service is left to its jobs by workers that wait, from its start to its end", async () => {
    const id = await created('[ -e "$WORLD/again-$POLICY" ] || { touch "$WORLD/again-$POLICY"; exit 1; }');
    expect((await submitJobs(world.store, submitter, id)).jobs).toHaveLength(3);
    expect((await world.store.runs.get(id)).service).toBe("batch");
    // one that begins sends what it finds missing, one that works looks with every beat
    const worker = await world.worker({ name: "waits", silentMs: 1_000 });
    onTestFinished(() => worker.stop());
    await looked();
    expect(await submitRun(world.store, id)).toMatchObject({ isNew: false, sent: 0 });
    await looked();
    expect(await states(id)).toEqual([
      ["ready", 0],
      ["waiting", 0],
      ["waiting", 0],
    ]);
    // it fails, and is ready for the next attempt of its job
    expect(await executed(id, "base")).toMatchObject({ state: "ready", attempts: 1 });
    await looked();
    expect(await executed(id, "base")).toMatchObject({ state: "done", attempts: 2 });
    await looked();
    expect(await states(id)).toEqual([
      ["done", 2],
      ["ready", 0],
      ["ready", 0],
    ]);
    await world.store.runs.cancel(id);
    await resubmitRun(world.store, id, ["p1"]);
    await looked();
    expect((await states(id)).slice(1)).toEqual([
      ["ready", 0],
      ["cancelled", 0],
    ]);
    // that from before waits, and finds it when it begins
    expect(await submitJobs(world.store, submitter, id)).toMatchObject({ jobs: [], underWay: [{ policyId: "p1" }] });
    await executed(id, "p1");
    await executed(id, "p1");
    expect((await world.store.runs.get(id)).state).toBe("cancelled");
  });

  test("a run is that of whom it was started for, and no other may take it", async () => {
    const ours = await world.submitted("sleep 300");
    await expect(submitJobs(world.store, submitter, ours)).rejects.toMatchObject({ code: "precondition-failed" });
    await world.store.runs.cancel(ours);
    const theirs = await created("true");
    await world.store.runs.start(theirs, { service: "kubernetes" });
    for (const ask of [submitJobs, cancelJobs, describeJobs])
      await expect(ask(world.store, submitter, theirs)).rejects.toMatchObject({
        code: "precondition-failed",
        message: expect.stringContaining("jobs of kubernetes"),
      });
    expect(batch.requests).toEqual([]);
  });

  test("what a service says of the jobs of tasks that have not ended, the newest of each", async () => {
    const id = await created("true", ["base", "p1"]);
    const { jobs } = await submitJobs(world.store, submitter, id);
    const [base, p1] = jobs.map(({ jobId }) => jobId);
    Object.assign(batch.jobs.get(base ?? "") ?? {}, { status: "RUNNING" });
    batch.jobs.delete(p1 ?? "");
    expect(await describeJobs(world.store, submitter, id)).toEqual([
      { policyId: "base", jobId: base, said: { id: base, state: "running", reason: undefined } },
      { policyId: "p1", jobId: p1, said: undefined },
    ]);
    Object.assign(batch.jobs.get(base ?? "") ?? {}, { status: "FAILED" });
    const again = (await submitJobs(world.store, submitter, id)).jobs[0]?.jobId;
    expect((await describeJobs(world.store, submitter, id)).map(({ jobId }) => jobId)[0]).toBe(again);
    await executed(id, "base");
    expect((await describeJobs(world.store, submitter, id)).map(({ policyId }) => policyId)).toEqual(["p1"]);
  });

  test("what is ready is sent again where no job of it waits or runs that was sent since its newest attempt ended", async () => {
    const policies = ["failed once", "waits", "runs", "gone", "ended by itself", "cancelled"];
    const { id } = await world.store.runs.create({ model: await world.model("exit 1"), policies, retries: 1 });
    const first = await submitJobs(world.store, submitter, id);
    const [, , runs, gone, ended, cancelled] = first.jobs.map(({ jobId }) => jobId);
    await executed(id, "failed once");
    Object.assign(batch.jobs.get(runs ?? "") ?? {}, { status: "RUNNING" });
    batch.jobs.delete(gone ?? "");
    Object.assign(batch.jobs.get(ended ?? "") ?? {}, { status: "SUCCEEDED" });
    await world.store.jobs.cancelled({ runId: id, policyId: "cancelled", id: cancelled ?? "" });
    const { jobs, underWay } = await submitJobs(world.store, submitter, id);
    expect(jobs.map(({ policyId }) => policyId)).toEqual(["failed once", "gone", "ended by itself", "cancelled"]);
    expect(underWay).toEqual(first.jobs.slice(1, 3));
    expect((await submitJobs(world.store, submitter, id)).jobs).toEqual([]);
  });

  test("cancelling ends the jobs of what was cancelled, those alone, and goes on where it was cut off", async () => {
    const id = await created("true");
    const { jobs } = await submitJobs(world.store, submitter, id);
    await executed(id, "base");
    await world.store.runs.cancel(id, { policyIds: ["p1"] });
    const ended = await cancelJobs(world.store, submitter, id, { reason: "wrong year" });
    expect(ended.map(({ policyId }) => policyId)).toEqual(["p1"]);
    expect(jobs.map(({ jobId }) => batch.jobs.get(jobId)?.["statusReason"])).toEqual([
      undefined,
      "wrong year",
      undefined,
    ]);
    await world.store.runs.cancel(id);
    batch.next = { status: 500, body: { message: "not now" } };
    await expect(cancelJobs(world.store, submitter, id)).rejects.toMatchObject({ code: "server-error" });
    expect((await cancelJobs(world.store, submitter, id)).map(({ policyId }) => policyId)).toEqual(["p2"]);
    expect(await cancelJobs(world.store, submitter, id)).toEqual([]);
    expect((await world.store.jobs.list(id)).map(({ cancelledMs }) => cancelledMs !== undefined)).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("a job that could not be recorded is ended again", async () => {
    const id = await created("true", ["base"]);
    const lost = new Error("the disk is full");
    const store = { ...world.store, jobs: { ...world.store.jobs, add: () => Promise.reject(lost) } };
    await expect(submitJobs(store, submitter, id)).rejects.toBe(lost);
    expect([...batch.jobs.values()]).toMatchObject([{ statusReason: "it could not be recorded" }]);
  });

  test("jobs of Kubernetes are ended by their names", async () => {
    const kubernetes = await startKubernetes("the-token");
    const tokenFile = join(world.folder, "token");
    await writeFile(tokenFile, "the-token\n");
    const service = { secret: "s", namespace: "models", server: kubernetes.url, tokenFile };
    const inCluster = submitterOf("kubernetes", { data: cloud, options: jobOptions, service });
    await world.store.models.add("image");
    await world.store.models.deploy("image", { program: { command: ["x"], image: "i:1" } });
    const { id } = await world.store.runs.create({ model: "image", policies: ["base", "p1"] });
    await submitJobs(world.store, inCluster, id);
    expect(kubernetes.jobs.size).toBe(2);
    await world.store.runs.cancel(id);
    expect(await cancelJobs(world.store, inCluster, id)).toHaveLength(2);
    expect(kubernetes.jobs.size).toBe(0);
    await inCluster.close();
    await kubernetes.close();
  });
});
