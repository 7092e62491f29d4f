/** Workers that execute runs, in this process, with real programs. */
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resubmitRun, submitRun } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { openRunWorld, type RunWorld } from "./run-world.ts";
import { isAlive, until } from "./untold.ts";

describe.each(kinds)("on a database that is $kind", { timeout: 60_000 }, ({ open }) => {
  let world: RunWorld;
  beforeAll(async () => {
    world = await openRunWorld(open);
  }, 120_000);
  afterAll(() => world.close());

  test("five policies on two workers: the baseline first, each once, with its own outputs", async () => {
    const policies = ["base", "p1", "p2", "p3", "p4"];
    const model = await world.model(
      'echo "$POLICY" >> "$WORLD/order"; ls "$WORLD/work" > "$WORLD/at-$POLICY"; echo "hello $1 $2 $3"; echo "::progress 0.5 half"; cat "$ENTREPOT_FILES_DIR/a.csv"; printf %s "$POLICY" > "$OUT/result.txt"; echo "to stderr" >&2',
    );
    const run = await world.store.runs.create({ model, policies, baselineFirst: true });
    await world.store.files.put(run.id, undefined, "a.csv", "a,b\n");
    await world.store.files.put(run.id, "p1", "a.csv", "its own\n");
    const workDir = join(world.folder, "work");
    await mkdir(workDir);
    const workers = await Promise.all([
      world.working({ name: "w1", slots: 2, workDir }),
      world.working({ name: "w2", slots: 2, workDir }),
    ]);
    expect(await submitRun(world.store, run.id)).toMatchObject({ isNew: true });
    const tasks = await world.ended(run.id);
    expect(tasks.map(({ state, attempts }) => [state, attempts])).toEqual(policies.map(() => ["done", 1]));
    const order = (await world.read("order")).trim().split("\n");
    expect(order[0]).toBe("base");
    expect([...order].sort()).toEqual(policies);
    const outputs = await world.store.tasks.outputs(run.id);
    expect(outputs.map(({ policyId, path, sizeBytes }) => [policyId, path, sizeBytes])).toEqual(
      policies.map((policy) => [policy, "result.txt", policy.length]),
    );
    for (const { uri, policyId } of outputs) expect(await world.data.readText(uri)).toBe(policyId);
    const lines = (await world.history(run.id)).flatMap((event) =>
      event.type === "log" && event.policyId === "p1" ? [`${event.stream}: ${event.line}`] : [],
    );
    expect(lines.sort()).toEqual([
      `stderr: to stderr`,
      `stdout: hello --run-id ${run.id} --policy-id`,
      "stdout: its own",
    ]);
    expect(tasks[1]?.progress).toMatchObject({ fraction: 0.5, message: "half" });
    // each had a folder of its own while it ran, and left none
    for (const { id, policyId } of tasks) expect(await world.read(`at-${policyId}`)).toContain(`entrepot-run-${id}-1-`);
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(await readdir(workDir)).toEqual([]);
  });

  test("who has the bucket alone is told which attempt counts", async () => {
    const id = await world.submitted('echo $ATTEMPT > "$OUT/n.txt"; [ $ATTEMPT = 2 ]', { retries: 1 });
    const worker = await world.working();
    const [task] = await world.ended(id);
    await worker.stop();
    expect(task).toMatchObject({ state: "done", attempts: 2, failures: 1 });
    const { model, version } = await world.store.runs.get(id);
    expect(await world.data.readJson(`${model}/${version}/${id}/base/outputs.json`)).toMatchObject({
      ...{ format: "entrepot run outputs", attempt: 2, folder: expect.stringMatching(/^attempts\/2-[0-9a-f]{8}\/$/) },
      outputs: [{ path: "n.txt" }],
    });
    const [output] = await world.store.tasks.outputs(id);
    expect(await world.data.readText(output?.uri ?? "")).toBe("2\n");
  });

  test("an attempt cannot write for the one after it", async () => {
    const id = await world.submitted(
      'if [ $ATTEMPT = 1 ]; then mkdir "$OUT/../2"; echo evil > "$OUT/../2/evil.txt"; exit 1; fi; echo own > "$OUT/own.txt"',
      { retries: 1 },
    );
    await world.working();
    expect(await world.ended(id)).toMatchObject([{ state: "done", attempts: 2 }]);
    expect((await world.store.tasks.outputs(id)).map(({ path }) => path)).toEqual(["own.txt"]);
  });

  test("a link is no output, which the log says", async () => {
    const id = await world.submitted('echo own > "$OUT/own.txt"; ln -s /etc/passwd "$OUT/shadow.txt"');
    await world.working();
    expect(await world.ended(id)).toMatchObject([{ state: "done" }]);
    expect((await world.store.tasks.outputs(id)).map(({ path }) => path)).toEqual(["own.txt"]);
    const lines = (await world.history(id)).flatMap((event) =>
      event.type === "log" ? [`${event.stream}: ${event.line}`] : [],
    );
    expect(lines).toEqual(["worker: shadow.txt: a link is no output; copy the file"]);
  });

  test("a program that fails is tried again while there are retries", async () => {
    const id = await world.submitted('echo "try $ATTEMPT"; exit 3', { retries: 2 });
    await world.working();
    const [task] = await world.ended(id);
    expect(task).toMatchObject({ state: "failed", attempts: 3, reason: "exit code 3" });
    const retried = (await world.history(id)).flatMap((event) => (event.type === "failed" ? [event.willRetry] : []));
    expect(retried).toEqual([true, true, false]);
    expect((await world.store.tasks.attempts(task?.id ?? "")).map(({ exitCode }) => exitCode)).toEqual([3, 3, 3]);
  });

  test("an attempt begins without the progress of the one before", async () => {
    const id = await world.submitted('[ $ATTEMPT = 2 ] || { echo "::progress 0.5 half"; exit 1; }', { retries: 1 });
    await world.working();
    const [task] = await world.ended(id);
    expect(task).toMatchObject({ state: "done", attempts: 2, progress: undefined });
    expect((await world.history(id)).some(({ type }) => type === "progress")).toBe(true);
  });

  test("exit code 65 fails for good", async () => {
    const id = await world.submitted("exit 65", { retries: 5 });
    await world.working();
    expect(await world.ended(id)).toMatchObject([{ state: "failed", attempts: 1 }]);
  });

  test("a baseline that fails cancels the others, which say why; run again, it goes on with them", async () => {
    const id = await world.submitted('[ -e "$WORLD/good" ] || exit 65', {
      policies: ["base", "p1"],
      baselineFirst: true,
    });
    await world.working();
    const [base, p1] = await world.ended(id);
    expect(base).toMatchObject({ state: "failed" });
    expect(p1).toMatchObject({
      ...{ state: "cancelled", attempts: 0 },
      reason: "not run, because the baseline base failed: exit code 65: a further attempt would fail, too",
    });
    await world.data.writeText(`file://${world.folder}/good`, "");
    expect(await resubmitRun(world.store, id)).toHaveLength(2);
    expect((await world.ended(id)).map(({ state }) => state)).toEqual(["done", "done"]);
  });

  test("a program that takes too long is ended, and what it started with it", async () => {
    const id = await world.submitted(
      'sh -c \'trap "" TERM; echo $$ > "$WORLD/grandchild"; while :; do sleep 1; done\' & wait',
      { timeoutSeconds: 1, retries: 0 },
    );
    await world.working({ graceMs: 200 });
    expect(await world.ended(id)).toMatchObject([{ state: "failed", reason: "it took longer than 1 s" }]);
    const pid = Number(await world.read("grandchild"));
    expect(await isAlive(pid)).toBe(false);
  });

  test("what a program that is done leaves behind in its group ends with it", async () => {
    const id = await world.submitted('sleep 300 >/dev/null 2>&1 & echo $! > "$WORLD/behind"; exit 0');
    await world.working();
    expect(await world.ended(id)).toMatchObject([{ state: "done" }]);
    const pid = Number(await world.read("behind"));
    await until(async () => !(await isAlive(pid)));
  });

  test("cancelling reaches a grandchild", async () => {
    const id = await world.submitted(
      'sh -c \'trap "" TERM; echo $$ > "$WORLD/cancelled"; echo up; while :; do sleep 1; done\' & wait',
    );
    const worker = await world.working({ graceMs: 200, silentMs: 2_000 });
    await world.happened(id, (event) => event.type === "log");
    const pid = Number(await world.read("cancelled"));
    await world.store.runs.cancel(id, { reason: "wrong year" });
    expect(await world.ended(id)).toMatchObject([{ state: "cancelled", reason: "wrong year" }]);
    await until(() => worker.running === 0);
    expect(await isAlive(pid)).toBe(false);
    expect(world.events.at(-1)).toMatchObject({ type: "ended", state: undefined });
  });

  test("a worker that is stopped gives its task back, and no attempt is used up", async () => {
    const id = await world.submitted('echo up; [ -e "$WORLD/go" ] || { trap "exit 0" TERM; sleep 60 & wait; }', {
      retries: 0,
    });
    const first = await world.worker();
    await world.happened(id, (event) => event.type === "log");
    await first.stop();
    const [task] = await world.store.tasks.list(id);
    expect(task).toMatchObject({ state: "ready", attempts: 1, failures: 0, reason: "its worker was stopped" });
    await world.data.writeText(`file://${world.folder}/go`, "");
    await world.working();
    expect(await world.ended(id)).toMatchObject([{ state: "done", attempts: 2 }]);
  });

  test("a listener that throws is warned of, and ends no attempt", async () => {
    const id = await world.submitted("true", { retries: 0 });
    const warnings: unknown[] = [];
    const thrown = new Error("of the listener");
    const worker = await world.working({
      onWarning: (error) => void warnings.push(error),
      onTask: () => {
        throw thrown;
      },
    });
    expect(await world.ended(id)).toMatchObject([{ state: "done", attempts: 1 }]);
    await worker.stop();
    expect(warnings).toEqual([thrown, thrown]);
  });

  test("a run whose tasks were never sent is found by any worker, and is sent once by who starts it again", async () => {
    const model = await world.model("true");
    const { id } = await world.store.runs.create({ model, policies: ["a", "b"] });
    await world.store.runs.start(id);
    expect(await submitRun(world.store, id)).toMatchObject({ isNew: false, sent: 2 });
    expect(await submitRun(world.store, id)).toMatchObject({ isNew: false, sent: 0 });
    const other = await world.store.runs.create({ model, policies: ["a", "b"] });
    await world.store.runs.start(other.id);
    await world.working();
    expect((await world.ended(id)).map(({ state, attempts }) => [state, attempts])).toEqual([
      ["done", 1],
      ["done", 1],
    ]);
    expect((await world.ended(other.id)).map(({ state }) => state)).toEqual(["done", "done"]);
    await expect(submitRun(world.store, id)).rejects.toMatchObject({ code: "precondition-failed" });
  });

  test("a worker of some models leaves the others to others", async () => {
    const [mine, theirs] = [await world.model("true"), await world.model("true")];
    const worker = await world.working({ models: [mine], name: "picky" });
    const [first, second] = await Promise.all(
      [theirs, mine].map(async (model) => {
        const { id } = await world.store.runs.create({ model, policies: ["a"] });
        await submitRun(world.store, id);
        return id;
      }),
    );
    await world.ended(second ?? "");
    expect(await world.store.tasks.list(first ?? "")).toMatchObject([{ state: "ready", attempts: 0 }]);
    await worker.stop();
    await world.working();
    await world.ended(first ?? "");
    await expect(world.worker({ models: ["nobody's"] })).rejects.toMatchObject({ code: "not-found" });
  });

  test("a worker of some models leaves one alone that was added since it began", async () => {
    const mine = await world.model("true");
    // it does not ask for the models of others again while this lasts
    await world.working({ models: [mine], silentMs: 600_000 });
    const theirs = await world.submitted("true");
    const { id } = await world.store.runs.create({ model: mine, policies: ["a"] });
    await submitRun(world.store, id);
    await world.ended(id);
    expect(await world.store.tasks.list(theirs)).toMatchObject([{ state: "ready", attempts: 0 }]);
    await world.working();
    expect(await world.ended(theirs)).toMatchObject([{ state: "done", attempts: 1 }]);
  });

  test("a program that is not there, or has no folder to start in, says so", async () => {
    const { store } = world;
    await store.models.add("absent");
    await store.models.deploy("absent", { program: { command: ["entrepot-no-such-program"] } });
    await store.models.deploy("absent", { program: { command: ["true"], dir: "/no/such/folder" } });
    const reasons = [];
    await world.working();
    for (const version of ["v1", "v2"]) {
      const { id } = await store.runs.create({ model: "absent", version, policies: ["a"], retries: 0 });
      await submitRun(store, id);
      reasons.push((await world.ended(id))[0]?.reason);
    }
    expect(reasons[0]).toMatch(
      /^the command entrepot-no-such-program of version v1 is not on the PATH of \S+ \(commands run/,
    );
    expect(reasons[1]).toContain("there is no folder /no/such/folder");
  });

  test("outputs in a folder have a plain path, whatever is in its name", async () => {
    const id = await world.submitted('printf hi > "$ENTREPOT_OUTPUT_DIR/a b.txt"', { policies: ["Grundfall ü 20"] });
    await world.working({ env: { PATH: process.env["PATH"], ENTREPOT_OUTPUT_DIR: "/nowhere/of/another/run" } });
    expect(await world.ended(id)).toMatchObject([{ state: "done" }]);
    expect(await world.store.tasks.outputs(id)).toMatchObject([{ path: "a b.txt", sizeBytes: 2 }]);
  });

  test("no program knows the way to the database", async () => {
    const id = await world.submitted("env | sort");
    await world.working({
      env: { PATH: process.env["PATH"], ENTREPOT_RUNS: "postgresql://u:secret@h/d", PGPASSWORD: "secret", A: "b" },
    });
    await world.ended(id);
    const lines = (await world.history(id)).flatMap((event) => (event.type === "log" ? [event.line] : []));
    expect(lines).toContain("A=b");
    expect(lines.join("\n")).not.toContain("secret");
  });

  test("a program that talks without end does not fill the database, and its last words are not waited for", async () => {
    const id = await world.submitted(
      "head -c 20000 /dev/zero | tr '\\0' x; echo; head -c 12000000 /dev/zero | tr '\\0' x | fold -w 9999; (setsid sleep 300 &); exit 0",
    );
    await world.working();
    expect(await world.ended(id)).toMatchObject([{ state: "done" }]);
    const lines = (await world.history(id)).flatMap((event) => (event.type === "log" ? [event.line] : []));
    expect(lines.length).toBeLessThanOrEqual(100_000);
    expect(lines.some((line) => line.endsWith("(cut)"))).toBe(true);
    expect(lines).toContain("(the log is full: what follows is not kept)");
  });
});
