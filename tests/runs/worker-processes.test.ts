/** Workers as processes of the built command, on one database and one bucket; some of them are killed. */
import { execFile, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Depot, entrepot } from "entrepot";
import { type NewRun, openRunStore, type RunEvent, type RunStore, submitRun } from "entrepot/runs";
import { type S3Server, startS3Server } from "entrepot/testing";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { startWorkerProcess } from "./worker-process.ts";

const root = new URL("../../", import.meta.url).pathname;
const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) process.stderr.write("SKIPPED: no python3 is installed; the Python model is not run\n");

describe.each(kinds)("on a database that is $kind", { timeout: 180_000 }, ({ open }) => {
  let s3: S3Server;
  let folder: string;
  let data: Depot;
  let store: RunStore;
  let close: () => Promise<void>;
  let env: Readonly<Record<string, string | undefined>>;

  beforeAll(async () => {
    s3 = await startS3Server({ buckets: ["b"] });
    folder = await mkdtemp(join(tmpdir(), "entrepot-workers-"));
    const opened = await open();
    const { place } = opened;
    close = () => opened.close();
    data = entrepot({
      ...{ ...s3.options, roots: { cloud: "s3://b/models/" }, location: "cloud" },
      ...{ cache: false, env: {}, envFile: false },
    });
    store = await openRunStore(data, place);
    await mkdir(join(folder, "bin"));
    await symlink(join(root, "dist/cli/main.js"), join(folder, "bin/entrepot"));
    env = {
      PATH: `${folder}/bin:${process.env["PATH"]}`,
      HOME: folder,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ACCESS_KEY_ID: s3.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.credentials.secretAccessKey,
      AWS_REGION: "us-east-1",
      ENTREPOT_ROOT_CLOUD: "s3://b/models/",
      ENTREPOT_LOCATION: "cloud",
      ENTREPOT_RUNS: place.url ?? place.dir,
      WORLD: folder,
    };
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await data.close();
    await close();
    await s3.close();
    await rm(folder, { recursive: true, force: true });
  });

  const worker = async (...args: readonly string[]) => {
    const started = await startWorkerProcess(args, env);
    onTestFinished(async () => {
      started.child.kill("SIGKILL");
      await started.ended;
    });
    return started;
  };
  let count = 0;
  const submitted = async (command: readonly string[], run: Partial<NewRun> = {}) => {
    count += 1;
    const model = `model-${count}`;
    await store.models.add(model);
    await store.models.deploy(model, { program: { command, dir: root } });
    const { id } = await store.runs.create({ model, policies: ["base"], ...run });
    await store.files.put(id, undefined, "parameters.csv", "name,value\r\ngrowth,0\r\noutput,1\r\n");
    if (run.policies?.includes("high"))
      await store.files.put(id, "high", "parameters.csv", "name,value\r\ngrowth,1\r\noutput,1\r\n");
    await submitRun(store, id);
    return id;
  };
  const shell = (script: string) => ["/bin/sh", "-c", script, "model"];
  const happened = async (runId: string, is: (event: RunEvent) => boolean): Promise<RunEvent> => {
    for await (const event of store.watch(runId)) if (is(event)) return event;
    throw new Error("the run ended without it");
  };
  const ended = async (runId: string) => {
    for await (const _ of store.watch(runId, { types: ["ended"] }));
    return store.tasks.list(runId);
  };
  const numberIn = async (name: string) => Number(await readFile(join(folder, name), "utf8"));

  test.each([
    { language: "TypeScript", command: [process.execPath, "--import", "tsx", "examples/runs/model.ts"] },
    ...(hasPython ? [{ language: "Python", command: ["python3", "examples/runs/model.py"] }] : []),
  ])(
    "five policies of the model in $language on two workers leave their outputs in the bucket",
    async ({ command }) => {
      const policies = ["base", "p1", "high", "p3", "p4"];
      const options = { first_year: 2030, last_year: 2033 };
      await Promise.all([worker("--name", "one"), worker("--name", "two")]);
      const id = await submitted(command, { policies, options, baselineFirst: true });
      expect((await ended(id)).map(({ state }) => state)).toEqual(policies.map(() => "done"));
      const summaries: unknown[] = [];
      for (const { path, uri } of await store.tasks.outputs(id))
        if (path === "summary.json") summaries.push(await data.readJson(uri));
      expect(summaries).toMatchObject(policies.map((policy) => ({ policy, last: policy === "high" ? 16 : 1 })));
      const events: RunEvent[] = [];
      for await (const event of store.watch(id, { follow: false })) events.push(event);
      expect(events.filter((event) => event.type === "log" && event.line === "year 2033")).toHaveLength(5);
    },
  );

  test("what a killed worker ran is taken over, its program and all that that started end with it", async () => {
    const script =
      'if [ $ENTREPOT_ATTEMPT = 1 ]; then echo $$ > "$WORLD/child"; printf %s "$ENTREPOT_RUN_FILE" > "$WORLD/left"; sh -c \'echo $$ > "$WORLD/grandchild"; echo up; while :; do sleep 1; done\'; else echo again; fi';
    // of their own: any worker of this machine may remove what a dead one left in the common one
    const workDir = join(folder, "work");
    await mkdir(workDir);
    const named = (name: string) => worker("--name", name, "--work-dir", workDir);
    const first = await named("first");
    const id = await submitted(shell(script));
    await happened(id, ({ type }) => type === "log");
    const pids = [await numberIn("child"), await numberIn("grandchild")];
    const second = await named("second");
    first.child.kill("SIGKILL");
    await first.ended;
    const [task] = await ended(id);
    expect(task).toMatchObject({ state: "done", attempts: 2, failures: 1 });
    const attempts = await store.tasks.attempts(task?.id ?? "");
    expect(attempts.map(({ state, worker }) => [worker, state])).toEqual([
      ["first", "lost"],
      ["second", "done"],
    ]);
    for (const pid of pids) expect(await isAlive(pid)).toBe(false);
    await second.says(({ event, state }) => event === "ended" && state === "done");
    const left = await readFile(join(folder, "left"), "utf8");
    expect(existsSync(left)).toBe(true);
    await named("third");
    expect(existsSync(dirname(left))).toBe(false);
  });

  test("a program that is killed is tried again", async () => {
    const id = await submitted(shell("[ $ENTREPOT_ATTEMPT = 2 ] || kill -9 $$"));
    await worker();
    const [task] = await ended(id);
    expect(task).toMatchObject({ state: "done", attempts: 2 });
    const [attempt] = await store.tasks.attempts(task?.id ?? "");
    expect(attempt).toMatchObject({ state: "failed", error: "the program was ended by SIGKILL" });
  });

  test("a worker that is sent SIGTERM gives its task back and ends by itself, though its program takes its time", async () => {
    const script =
      '[ $ENTREPOT_ATTEMPT = 2 ] || { trap "echo told; sleep 2; exit 0" TERM; echo up; while :; do sleep 0.1; done; }';
    const id = await submitted(shell(script), { retries: 0 });
    const first = await worker("--grace", "20");
    await happened(id, ({ type }) => type === "log");
    first.child.kill("SIGTERM");
    expect(await first.ended).toBe(0);
    expect(await store.tasks.list(id)).toMatchObject([{ state: "ready", failures: 0 }]);
    await worker();
    expect(await ended(id)).toMatchObject([{ state: "done", attempts: 2 }]);
  });

  test("one task alone is executed for a job that is started for it", async () => {
    const id = await submitted(shell("exit 65"), { policies: ["base", "p1"], baselineFirst: true });
    // the bucket that it asks first is served by this process
    const alone = (policy: string) =>
      new Promise<readonly [code: unknown, stderr: string]>((resolve) => {
        const args = [join(root, "dist/cli/main.js"), "runs", "worker", "--run", id, "--policy", policy];
        execFile(process.execPath, args, { env }, (error, _, stderr) => resolve([error?.code ?? 0, stderr]));
      });
    expect(await alone("p1")).toEqual([6, expect.stringContaining("the task is waiting")]);
    expect((await alone("base"))[0]).toBe(1);
    expect((await ended(id)).map(({ state }) => state)).toEqual(["failed", "cancelled"]);
    expect((await alone("nobody"))[0]).toBe(3);
  });
});

/** One that nobody has buried yet still has its number. */
async function isAlive(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "0 (x) Z");
  return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
}
