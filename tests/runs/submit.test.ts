/** Submitters against services over a real socket: what they are sent, and what becomes of their answers. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { type Depot, entrepot } from "../../src/index.ts";
import { openRunStore, type Submission, type Submitter, submitJobs, submitterOf } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { type FakeService, jobOptions, key, startBatch, startKubernetes } from "./fake-services.ts";

const server = kinds.find(({ kind }) => kind === "server");
const token = "the-token-of-a-service-account";

const task: Submission = {
  run: {
    ...{ id: "1m848zatf6fw5", model: "growth", version: "v2", name: "a run", description: "", state: "running" },
    tasks: { waiting: 0, ready: 1, running: 0, done: 0, failed: 0, cancelled: 0 },
    ...{ policyCount: 1, createdMs: 0, startedMs: 0, endedMs: undefined, lastEvent: 0, options: {} },
    ...{ policies: ["Größe 2"], stackingOrder: ["Größe 2"], baseline: "Größe 2", baselineFirst: false },
    ...{ retries: 2, timeoutSeconds: 3_600, service: undefined, etag: "0".repeat(64) },
  },
  version: {
    ...{ model: "growth", version: "v2", description: "", deployedMs: 0, snapshots: "growth@v2" },
    program: { command: ["python3", "model.py"], image: "registry.example/growth:2" },
  },
  policyId: "Größe 2",
};

const command = ["entrepot", "runs", "worker", "--run", "1m848zatf6fw5", "--policy", "Größe 2"];

let data: Depot;
let folder: string;
let tokenFile: string;
beforeAll(async () => {
  data = entrepot(jobOptions);
  folder = await mkdtemp(join(tmpdir(), "entrepot-submit-"));
  tokenFile = join(folder, "token");
  await writeFile(tokenFile, `${token}\n`);
});
afterAll(async () => {
  await data.close();
  await rm(folder, { recursive: true });
});

interface Case {
  readonly name: "batch" | "kubernetes";
  readonly start: () => Promise<FakeService>;
  readonly settings: (url: string) => Record<string, unknown>;
  /** What the service says of a job in each state. */
  readonly says: readonly (readonly [Record<string, unknown>, string, string | undefined])[];
  /** An answer, and what it becomes. */
  readonly refusals: readonly (readonly [number, string, string])[];
}

const cases: readonly Case[] = [
  {
    name: "batch",
    start: () => startBatch(key),
    settings: (endpoint) => ({ queue: "models", jobDefinition: "growth:7", endpoint, environment: { THREADS: "4" } }),
    says: [
      [{ status: "RUNNABLE" }, "waiting", undefined],
      [{ status: "RUNNING" }, "running", undefined],
      [{ status: "SUCCEEDED" }, "done", undefined],
      [{ status: "FAILED", statusReason: "Host EC2 terminated" }, "failed", "Host EC2 terminated"],
    ],
    refusals: [
      [400, "ClientException", "misconfigured"],
      [403, "AccessDeniedException", "forbidden"],
      [403, "ExpiredTokenException:http://internal.amazon.com/", "unauthenticated"],
      [400, "com.amazonaws#TooManyRequestsException", "throttled"],
      [500, "ServerException", "server-error"],
    ],
  },
  {
    name: "kubernetes",
    start: () => startKubernetes(token),
    settings: (server) => ({ secret: "entrepot", namespace: "models", server, tokenFile, serviceAccount: "growth" }),
    says: [
      [{ status: { active: 1, ready: 0 } }, "waiting", undefined],
      [{ status: { active: 1, ready: 1 } }, "running", undefined],
      [{ status: { conditions: [{ type: "Complete", status: "True" }] } }, "done", undefined],
      [
        { status: { conditions: [{ type: "Failed", status: "True", reason: "DeadlineExceeded" }] } },
        ...(["failed", "DeadlineExceeded"] as const),
      ],
    ],
    refusals: [
      [401, "Unauthorized", "unauthenticated"],
      [403, "Forbidden", "forbidden"],
      [404, "NotFound", "not-found"],
      [422, "Invalid", "misconfigured"],
      [429, "TooManyRequests", "throttled"],
      [503, "ServiceUnavailable", "server-error"],
    ],
  },
];

describe.each(cases)("$name", ({ name, start, settings, says, refusals }) => {
  let service: FakeService;
  let submitter: Submitter;
  beforeEach(async () => {
    service = await start();
    submitter = submitterOf(name, { data, options: jobOptions, service: settings(service.url) });
    return async () => {
      await submitter.close();
      await service.close();
    };
  });

  it("is sent what the manifest shows, and no secret", async () => {
    const { method, url, body } = await submitter.manifest(task);
    expect(service.requests).toEqual([]);
    const id = await submitter.submit(task);
    expect(service.jobs.has(id)).toBe(true);
    const [request] = service.requests;
    expect([request?.method, `${service.url}${request?.path}`]).toEqual([method, url]);
    expect(JSON.parse(request?.body ?? "")).toEqual(body);
    expect(body).toMatchSnapshot();
    const sent = JSON.stringify(body);
    expect(sent).toContain(JSON.stringify(command).slice(1, -1));
    for (const secret of [key.secret, token, key.id]) expect(sent).not.toContain(secret);
  });

  it.each(says)("a job of which it says %j is told as %s", async (said, state, reason) => {
    const id = await submitter.submit(task);
    Object.assign(service.jobs.get(id) ?? {}, said);
    expect(await submitter.describe(id)).toEqual({ id, state, reason });
  });

  it("a job is cancelled, and one that is not there any more, too", async () => {
    const id = await submitter.submit(task);
    await submitter.cancel(id, "somebody changed his mind");
    await submitter.cancel(id, "somebody changed his mind");
    await submitter.cancel("nothing", "x");
    await expect(submitter.describe("nothing")).rejects.toMatchObject({ code: "not-found" });
    if (name === "batch") expect((await submitter.describe(id)).reason).toBe("somebody changed his mind");
    else await expect(submitter.describe(id)).rejects.toMatchObject({ code: "not-found" });
  });

  it.each(refusals)("an answer %i %s is what it means", async (status, word, code) => {
    const body = { message: `no: ${word}`, reason: word, __type: word };
    service.next = { status, headers: name === "batch" ? { "x-amzn-errortype": word } : {}, body };
    await expect(submitter.submit(task)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`no: ${word}`),
    });
  });

  it("what is no answer of such a service is no job", async () => {
    for (const body of ["<html>", "[]", "{}"]) {
      service.next = { status: 200, body };
      await expect(submitter.submit(task)).rejects.toMatchObject({ code: "protocol" });
    }
    await service.close();
    await expect(submitter.submit(task)).rejects.toMatchObject({ code: "unreachable" });
  });

  it("offline nothing is sent", async () => {
    const offline = submitterOf(name, {
      ...{ data, service: settings(service.url) },
      options: { ...jobOptions, network: "offline" },
    });
    await expect(offline.submit(task)).rejects.toMatchObject({ code: "unreachable" });
    expect(service.requests).toEqual([]);
    await offline.close();
  });

  it("a root that is a folder of this machine is said before anything is sent", async () => {
    await using local = entrepot({ ...jobOptions, roots: { cloud: folder } });
    const here = submitterOf(name, { data: local, options: jobOptions, service: settings(service.url) });
    await expect(here.submit(task)).rejects.toMatchObject({ code: "misconfigured" });
    expect(service.requests).toEqual([]);
    await here.close();
  });
});

test("a key that is another one is refused, and said as that", async () => {
  const service = await startBatch(key);
  const wrong = { ...jobOptions, credentials: { accessKeyId: key.id, secretAccessKey: "another" } };
  const submitter = submitterOf("batch", {
    ...{ data, options: wrong },
    service: { queue: "q", jobDefinition: "d", endpoint: service.url },
  });
  await expect(submitter.submit(task)).rejects.toMatchObject({ code: "unauthenticated" });
  await submitter.close();
  await service.close();
});

test("a job of Batch waits for that of the baseline, where there is one", async () => {
  const submitter = submitterOf("batch", { data, options: jobOptions, service: { queue: "q", jobDefinition: "d" } });
  const { url, body } = await submitter.manifest({ ...task, after: "job-1" });
  expect(url).toBe("https://batch.eu-central-1.amazonaws.com/v1/submitjob");
  expect(body["dependsOn"]).toEqual([{ jobId: "job-1" }]);
  await submitter.close();
});

test("a version without an image, and a place nobody says, are said", async () => {
  const bare = { ...task, version: { ...task.version, program: { command: ["x"] } } };
  const inCluster = submitterOf("kubernetes", {
    data,
    options: { ...jobOptions, env: { KUBERNETES_SERVICE_HOST: "fd00::1", KUBERNETES_SERVICE_PORT: "6443" } },
    service: { secret: "s" },
  });
  await expect(inCluster.manifest(bare)).rejects.toMatchObject({ code: "misconfigured" });
  expect((await inCluster.manifest(task)).url).toBe("https://[fd00::1]:6443/apis/batch/v1/namespaces/default/jobs");
  await inCluster.close();
  const nowhere = submitterOf("kubernetes", { data, options: jobOptions, service: { secret: "s" } });
  await expect(nowhere.manifest(task)).rejects.toMatchObject({ code: "misconfigured" });
  await nowhere.close();
});

test.each([
  ["batch", { queue: "q" }, "jobDefinition is missing"],
  ["batch", { queue: "q", jobDefiniton: "d" }, 'there is no "jobDefiniton"'],
  ["batch", { queue: "q", jobDefinition: "d", cpus: 0 }, "cpus is no number above 0"],
  ["batch", { queue: "q", jobDefinition: "d", environment: { ENTREPOT_RUNS: "postgresql://u:p@h/d" } }, "is a secret"],
  ["batch", { queue: "q", jobDefinition: "d", environment: { AWS_SECRET_ACCESS_KEY: "x" } }, "is a secret"],
  ["kubernetes", { secret: "s", server: "host" }, "server is no address"],
  ["kubernetes", [], "they are no object"],
] as const)("settings for %s of %j: %s", (name, service, why) => {
  expect(() => submitterOf(name, { data, options: jobOptions, service })).toThrow(
    expect.objectContaining({ code: "misconfigured", message: expect.stringContaining(why) }),
  );
});

test.skipIf(server === undefined)(
  "a run becomes jobs: of Batch at once, of Kubernetes when they are ready",
  async () => {
    const { place, close } = (await server?.open()) ?? expect.fail();
    const store = await openRunStore(data, place);
    await store.models.add("growth");
    await store.models.deploy("growth", { program: { command: ["x"], image: "growth:1" } });
    const policies = ["base", "p1", "p2"];
    for (const { name, start, settings } of cases) {
      const service = await start();
      const submitter = submitterOf(name, { data, options: jobOptions, service: settings(service.url) });
      const { id } = await store.runs.create({ model: "growth", policies, baselineFirst: true });
      const { jobs, waiting } = await submitJobs(store, submitter, id);
      const made = [...service.jobs.values()];
      if (name === "batch") {
        expect([jobs.map(({ policyId }) => policyId), waiting]).toEqual([policies, []]);
        expect(made.map((job) => job["dependsOn"])).toEqual([undefined, ...Array(2).fill([{ jobId: jobs[0]?.jobId }])]);
      } else {
        expect([jobs.map(({ policyId }) => policyId), waiting]).toEqual([["base"], ["p1", "p2"]]);
        const [task] = await store.tasks.list(id);
        const attempt = (await store.tasks.begin(task?.id ?? "", { worker: "job" })) ?? expect.fail();
        await store.tasks.end(attempt.token, { state: "done" });
        expect((await submitJobs(store, submitter, id)).jobs.map(({ policyId }) => policyId)).toEqual(["p1", "p2"]);
      }
      await store.runs.cancel(id);
      await expect(submitJobs(store, submitter, id)).rejects.toMatchObject({ code: "precondition-failed" });
      await submitter.close();
      await service.close();
    }
    // what cannot be sent starts no run
    const { id } = await store.runs.create({ model: "growth", policies });
    const nowhere = submitterOf("kubernetes", { data, options: jobOptions, service: { secret: "s" } });
    await expect(submitJobs(store, nowhere, id)).rejects.toMatchObject({ code: "misconfigured" });
    expect((await store.runs.get(id)).state).toBe("created");
    await nowhere.close();
    await store.close();
    await close();
  },
  120_000,
);

test("who we are is told to this machine or over encryption only", async () => {
  const service = { queue: "q", jobDefinition: "d", endpoint: "http://batch.example.com" };
  const submitter = submitterOf("batch", { data, options: jobOptions, service });
  await expect(submitter.submit(task)).rejects.toMatchObject({ code: "misconfigured" });
  await submitter.close();
});
