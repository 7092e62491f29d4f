/** `entrepot runs` as a process of its own, over a folder and over a real server. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunStore } from "../../src/runs/index.ts";
import { kinds } from "../queue/places.ts";
import { startKubernetes } from "../runs/fake-services.ts";
import { openRunsOver, type RunsOver } from "./runs-over.ts";
import type { ShellWorld } from "./shell-world.ts";
import { parseLines } from "./spawn-command.ts";

const mebibyte = 2 ** 20;

describe.each(kinds)("over a database that is $kind", { timeout: 120_000 }, ({ kind, open }) => {
  let over: RunsOver;
  let world: ShellWorld;
  let store: RunStore;
  let run: RunsOver["run"];
  let json: RunsOver["json"];
  beforeAll(async () => {
    over = await openRunsOver(open);
    ({ world, store, run, json } = over);
  }, 120_000);
  afterAll(() => over.close());

  const created = async (...args: string[]) => (await run("create", "growth", ...args)).stdout.trim();
  const put = async (name: string, bytes: string | Uint8Array) => writeFile(path.join(world.command.home, name), bytes);

  it("where there are no runs yet, the list says how one is made, and only a filter finds none", async () => {
    expect((await run("list")).stdout).toMatch(/^there are no runs yet: .*entrepot runs create/);
    expect((await run("list", "--state", "failed")).stdout).toBe("there is no such run\n");
  });

  it("a model has versions, each with the command it was deployed with", async () => {
    await run("model", "add", "with versions", "--description", "two lines\nof words");
    const deploy = ["deploy", "with versions", "--dir", "/srv/m", "--env", "A=b=c"];
    const deployed = await run("model", ...deploy, "--", "node", "model.js", "--fast", "");
    expect(deployed.stdout).toBe("deployed with versions v1\n");
    expect((await run("model", "list", "with versions")).stdout).toContain('node model.js --fast ""');
    expect(await json("model", "list", "with versions")).toMatchObject([
      { type: "version", program: { command: ["node", "model.js", "--fast", ""], dir: "/srv/m", env: { A: "b=c" } } },
    ]);
    expect((await run("model", "list")).stdout).toMatch(
      /^with versions {2}v1 {2}1 version {2}0 runs {2}two lines\\nof words$/m,
    );
    expect((await run("model", "delete", "with versions", "--version", "v1")).code).toBe(0);
    expect((await run("model", "deploy", "with versions", "--version", "v1", "--", "x")).code).toBe(6);
  });

  it("a run is what was said of it, whatever its names are", async () => {
    await put("options.json", '{ "first_year": 2023, "Kept Key": [1], "__proto__": 1 }');
    const name = `-ünï ${"\u{1f980}".repeat(50)}\u202e`;
    const policies = ["--policy", "Grund Fall", "--policy=\u{1d4d0}"];
    const options = ["--options", "options.json", "--option", "first_year=2024", "--option", 'text="2024"'];
    const id = await created(...policies, ...options, `--name=${name}`, "--baseline-first", "--timeout", "90m");
    expect(id).toMatch(/^[0-9a-z]{13}$/);
    expect((await run("add-policy", id, "third")).stdout).toBe("added third\n");
    const [shown = {}] = await json("show", "--", name);
    expect(shown).toMatchObject({ id, name, baselineFirst: true, timeoutSeconds: 5400, retries: 2, startedMs: null });
    expect(shown["policies"]).toEqual(["Grund Fall", "\u{1d4d0}", "third"]);
    expect(JSON.stringify(shown["options"])).toBe('{"first_year":2024,"Kept Key":[1],"__proto__":1,"text":"2024"}');
    const { stdout } = await run("show", id);
    expect(stdout).toContain('option text        "2024"');
    expect(stdout).not.toContain("\u202e");
    expect(await run("delete", id)).toMatchObject({ code: 0, stdout: `deleted ${id}\n` });
    expect((await run("show", id)).code).toBe(3);
  });

  it("an option that would become another number is refused, wherever it stands", async () => {
    const number = "12345678901234567890";
    await put("numbers.json", `{ "a": { "b": ${number} } }`);
    expect(await run("create", "growth", "--options", "numbers.json")).toMatchObject({
      stdout: "",
      stderr: expect.stringContaining(`a.b: ${number} has more digits than a number keeps`),
    });
    for (const value of [number, `{"b":[${number}]}`, "1e999"])
      expect(await run("create", "growth", "--option", `a=${value}`)).toMatchObject({
        code: 2,
        stdout: "",
        stderr: expect.stringContaining("has more digits than a number keeps"),
      });
  });

  it("a parameter file keeps its bytes, and has a name that leaves no folder", async () => {
    const id = await created("--policy", "base", "--policy", "high");
    const bytes = Buffer.from([0xff, 0x00, 0x0a, 0x80]);
    await mkdir(path.join(world.command.home, "folder"), { recursive: true });
    await put("folder/binary.dat", bytes);
    await put("-dash.csv", "a\n");
    await put("u\u0308.csv", "a\n");
    await put("large.bin", new Uint8Array(17 * mebibyte));
    await put("full.bin", new Uint8Array(16 * mebibyte));
    await world.data.writeText("s3://bucket/far/away.csv", "far\n");
    const files = ["./folder/../folder/binary.dat", "s3://bucket/far/away.csv", "-dash.csv", "u\u0308.csv", "full.bin"];
    expect(await run("add-file", id, "--", ...files)).toMatchObject({ code: 0, stderr: "" });
    expect((await run("add-file", id, "--policy", "high", "--name", "binary.dat", "-dash.csv")).code).toBe(2);
    const own = ["add-file", id, "--policy", "high", "--name", "binary.dat", "./-dash.csv"];
    expect((await run(...own)).stdout).toBe("added binary.dat, 2 B, for high\n");
    expect(Buffer.from(await store.files.read(id, undefined, "binary.dat"))).toEqual(bytes);
    expect((await store.files.list(id)).map(({ name, policyId }) => [name, policyId ?? "all"])).toEqual([
      ["-dash.csv", "all"],
      ["away.csv", "all"],
      ["binary.dat", "all"],
      ["binary.dat", "high"],
      ["full.bin", "all"],
      ["\u00fc.csv", "all"],
    ]);
    for (const name of ["../evil.csv", "..", "a/b.csv", ".hidden", "C:x"]) {
      const { code, stderr } = await run("add-file", id, `--name=${name}`, "folder/binary.dat");
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("is no name of a parameter file") });
    }
    const large = await run("add-file", id, "large.bin");
    expect(large).toMatchObject({ code: 1, stderr: expect.stringContaining("17.8 MB are more than a parameter file") });
    const input = await world.command.run(["runs", "add-file", id, "-", "--name", "in.csv"], { input: "from input\n" });
    expect(input).toMatchObject({ code: 0, stdout: "added in.csv, 11 B, for all policies\n" });
    expect((await run("add-file", id, "nowhere.csv")).code).toBe(3);
    await put("here.csv", "here\n");
    const env = { ENTREPOT_LOCATION: "cloud", ENTREPOT_ROOT_CLOUD: "s3://bucket/far/" };
    const here = await world.command.run(["runs", "add-file", id, "--name", "in.csv", "here.csv"], { env });
    expect(here).toMatchObject({ code: 0, stdout: "added in.csv, 5 B, for all policies\n" });
    expect((await store.files.list(id)).length).toBe(7);
  });

  it("names that there are none of lead to the nearest", async () => {
    const id = await created("--policy", "baseline", "--name", "monday");
    for (const [args, hint] of [
      [["create", "grwoth"], '"growth"'],
      [["create", "growth", "--version", "v2"], '"v1"'],
      [["list", "--model", "growht"], '"growth"'],
      [["show", "mondya"], '"monday"'],
      [["add-file", "monday", "--policy", "basline", "options.json"], '"baseline"'],
      [["outputs", id, "--policy", "bas"], '"baseline"'],
      [["model", "deploy", "Growht", "--", "x"], '"growth"'],
      [["show", id.replace(/.$/, "~")], JSON.stringify(id)],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect({ args, code, stderr }).toEqual({
        args,
        code: 3,
        stderr: expect.stringContaining(`did you mean ${hint}`),
      });
    }
    await created("--name", "monday");
    const twice = await run("delete", "monday");
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringContaining('2 runs are called "monday"') });
    expect(twice.stderr).toContain(id);
  });

  it("a token is shown once, and is good until it is taken back", async () => {
    const { stdout } = await run("token", "create", "laptop", "--role", "run", "--model", "growth", "--expires", "30d");
    const token = stdout.trim();
    const record = (await store.tokens.check(token)) ?? expect.fail();
    expect(record).toMatchObject({ name: "laptop", role: "run", models: ["growth"] });
    const listed = await run("token", "list");
    expect(listed.stdout).toContain("laptop");
    expect(listed.stdout).not.toContain(token);
    const wrong = await run("token", "revoke", token);
    expect(wrong).toMatchObject({ code: 3 });
    expect(wrong.stderr).not.toContain(token);
    expect((await run("token", "revoke", record.id)).code).toBe(0);
    expect(await store.tokens.check(token)).toBeUndefined();
  });

  it("start makes jobs where it is asked to, of a database and a root that these reach", async () => {
    const service = await startKubernetes("token");
    try {
      const id = await created("--policy", "base", "--policy", "high", "--baseline-first");
      await put("token", "token\n");
      const settings = { secret: "s", namespace: "models", server: service.url, tokenFile: "token" };
      await put("k.json", JSON.stringify(settings));
      const start = ["start", id, "--submit", "kubernetes", "--settings", "k.json"];
      const env = { ENTREPOT_LOCATION: "cloud", ENTREPOT_ROOT_CLOUD: "s3://bucket/runs/" };
      expect(await run(...start)).toMatchObject({ code: 2, stdout: "" });
      // the version has no image
      expect(await world.command.run(["runs", ...start], { env })).toMatchObject({ code: 2, stdout: "" });
      expect((await store.runs.get(id)).state).toBe("created");
      await store.models.deploy("growth", { program: { command: ["x"], image: "i:1" } });
      const other = await created("--policy", "base", "--policy", "high", "--baseline-first");
      start[1] = other;
      // who only looks need not know where the cluster is
      await put("looks.json", JSON.stringify({ secret: "s" }));
      const looks = [
        "manifest",
        other,
        "--for",
        "kubernetes",
        "--settings",
        "looks.json",
        "--policy",
        "base",
        "--json",
      ];
      expect(parseLines((await world.command.run(["runs", ...looks], { env })).stdout)).toMatchObject([
        { policyId: "base", url: "https://kubernetes.default.svc/apis/batch/v1/namespaces/default/jobs" },
      ]);
      const { code, stdout, stderr } = await world.command.run(["runs", ...start], { env });
      if (kind === "embedded") {
        expect({ code, stdout, stderr }).toEqual({
          code: 2,
          stdout: "",
          stderr: expect.stringContaining("is a folder"),
        });
        expect(service.requests).toEqual([]);
      } else {
        expect(code).toBe(0);
        expect(stdout).toMatch(/^base entrepot-\S+\n$/);
        expect(stderr).toContain("1 policy waits for the baseline");
        expect(service.jobs.size).toBe(1);
        expect(await store.runs.get(other)).toMatchObject({ state: "running", service: "kubernetes" });
        const told = ["--settings", "k.json"];
        const asked = (...args: readonly string[]) => world.command.run(["runs", ...args, other], { env });
        expect((await asked("start")).stdout).toContain("is of jobs of kubernetes");
        expect((await asked("status", ...told)).stdout).toMatch(/base +ready +job entrepot-\S+ is waiting\n/);
        const status = JSON.parse((await asked("status", "--json", ...told)).stdout);
        expect(status).toMatchObject({
          service: "kubernetes",
          jobs: [{ policyId: "base", said: { state: "waiting" } }],
        });
        expect((await asked("cancel")).stderr).toContain("1 job of kubernetes may be left");
        expect(service.jobs.size).toBe(1);
        expect((await asked("cancel", ...told)).stdout).toContain("kubernetes is told to end 1 job");
        expect(service.jobs.size).toBe(0);
        expect((await asked("retry")).stderr).toContain("entrepot runs start --submit kubernetes sends them");
        const here = await created("--policy", "base");
        expect(await world.command.run(["runs", "cancel", ...told, here], { env })).toMatchObject({ code: 6 });
      }
    } finally {
      await service.close();
    }
  });

  it("two processes that make a run at once make two", async () => {
    const before = await run("list", "--all", "--json");
    const made = await Promise.all(Array.from({ length: 2 }, () => created("--policy", "base", "--name", "at once")));
    expect(new Set(made).size).toBe(2);
    expect(parseLines((await run("list", "--all", "--json")).stdout).length).toBe(parseLines(before.stdout).length + 2);
    const added = await Promise.all(Array.from({ length: 2 }, () => run("model", "add", "once")));
    expect(added.map(({ code }) => code).sort()).toEqual([0, 6]);
  });

  // over a folder there is nothing to wait for; what a killed owner of one leaves is in tests/runs/
  it.skipIf(kind === "embedded")("a process that is killed while it adds a file adds none", async () => {
    const id = await created("--policy", "base");
    await store.database.transaction(async (sql) => {
      await sql.query("LOCK TABLE entrepot_runs.files IN SHARE MODE");
      const child = world.command.start(["runs", "add-file", id, "-", "--name", "half.csv"]);
      const end = new Promise((resolve) => child.once("close", resolve));
      child.stdin.end("half a file\n");
      // it has put the content, and waits to name it
      const waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'entrepot_runs.files'::regclass";
      while ((await sql.query(waits)).length === 0);
      child.kill("SIGKILL");
      await end;
    });
    expect(await store.files.list(id)).toEqual([]);
    const put = await world.command.run(["runs", "add-file", id, "-", "--name", "half.csv"], { input: "whole\n" });
    expect(put.code).toBe(0);
    const orphans = "SELECT 1 FROM entrepot_runs.contents WHERE sha256 NOT IN (SELECT sha256 FROM entrepot_runs.files)";
    expect(await store.database.query(orphans)).toEqual([]);
  });

  it("ten thousand runs are listed, and a page of them", async () => {
    await run("model", "add", "many");
    await run("model", "deploy", "many", "--", "x");
    await store.database.query(
      `INSERT INTO entrepot_runs.runs (id, model, version, name, description, state, options, baseline_first, retries, created_ms)
      SELECT '0' || lpad(n::text, 12, '0'), 'many', 'v1', 'run ' || n, '', 'created', '{}', false, 2, n FROM generate_series(1, 10000) AS n`,
    );
    const all = await json("list", "--model", "many", "--all");
    expect(all.length).toBe(10_001);
    expect(new Set(all.map(({ id }) => id)).size).toBe(10_001);
    expect(all.at(-1)).toEqual({ type: "summary", runs: 10_000, next: null });
    const page = await run("list", "--model", "many", "--limit", "3");
    expect(
      page.stdout
        .split("\n")
        .slice(0, 4)
        .map((line) => line.split(/ {2,}/)[4] ?? line),
    ).toEqual([...["run 10000", "run 9999", "run 9998", "3 runs; older ones: --before 0000000009998"]]);
    const next = await run("list", "--model", "many", "--limit", "1", "--before", "0000000009998");
    expect(next.stdout).toContain("run 9997");
    expect((await json("list", "--state", "failed", "--model", "many")).length).toBe(1);
    expect((await run("show", "run 77")).stdout).toContain("0000000000077");
  });
});
