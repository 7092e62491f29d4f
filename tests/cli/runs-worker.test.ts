/** `entrepot runs worker` and what a newcomer asks around it, as processes of their own, over a folder. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { BuiltCommand } from "./spawn-command.ts";

let command: BuiltCommand;
const run = (...args: string[]) => command.run(["runs", ...args]);

beforeAll(async () => {
  command = await BuiltCommand.build({ ENTREPOT_RUNS: "database" });
  expect(await run("model", "add", "m")).toMatchObject({ code: 0 });
}, 60_000);
afterAll(() => command.close());

/** A run of this line of a shell that is started. */
async function started(name: string, line: string, ...args: string[]): Promise<void> {
  await run("model", "deploy", "m", "--", "/bin/sh", "-c", line, "m");
  await run("create", "m", "--policy", "base", "--name", name, ...args);
  expect(await run("start", name)).toMatchObject({ code: 0 });
}

it("a program finds entrepot by its name, and its outputs by a path", { timeout: 60_000 }, async () => {
  await started("by name", 'entrepot --version; printf hi > "$ENTREPOT_OUTPUT_DIR/out.txt"');
  const PATH = process.env["PATH"] ?? "";
  expect(
    await command.run(["runs", "worker", "--run", "by name", "--policy", "base"], { env: { PATH } }),
  ).toMatchObject({ code: 0 });
  expect((await run("logs", "by name")).stdout).toMatch(/^\d+\.\d+\.\d+/m);
  expect((await run("outputs", "by name", "--get", "got")).code).toBe(0);
});

it("what waits, was not started or has not said anything is said", { timeout: 120_000 }, async () => {
  await run("create", "m", "--policy", "base", "--name", "later");
  for (const args of [
    ["status", "later", "--follow"],
    ["logs", "later"],
  ])
    expect(await run(...args)).toMatchObject({ code: 0, stderr: "it is not started: entrepot runs start later\n" });
  await started("waits", "true");
  expect(await run("status", "waits")).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("1 task waits for a worker"),
  });
  expect(await run("logs", "waits", "--attempt", "9")).toMatchObject({
    code: 3,
    stderr: 'error: there is no attempt 9 of "waits"\nhint: none has begun\n',
  });
});

it("a worker says what it is of, and takes nothing where its root is not to be reached", {
  timeout: 120_000,
}, async () => {
  await started("kept", "true");
  const args = ["runs", "worker", "--run", "kept", "--policy", "base"];
  const env = {
    ENTREPOT_LOCATION: "cloud",
    ENTREPOT_ROOT_CLOUD: "s3://b/runs/",
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
  };
  const away = await command.run(args, {
    env: { ...env, AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_MAX_ATTEMPTS: "1" },
  });
  expect(away).toMatchObject({ code: 5, stderr: expect.stringContaining("s3://b/runs/") });
  expect((await run("status", "kept")).stdout).toMatch(/ready$/m);
  expect(await command.run(args)).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/^runs of \S+database, outputs below \//),
  });
});

it("what is missing or misspelt in a line is named, and nothing is done", { timeout: 120_000 }, async () => {
  await run("create", "m", "--policy", "base", "--name", "spelt");
  for (const [args, said] of [
    [["add-file", "spelt"], "needs an address"],
    [["add-policy"], "needs a run and a policy"],
    [["create", "m", "--option", "=3"], "--option =3 has no name"],
    [["list", "--before", "xx"], "--before xx is no id of a run"],
    [["add-policy", "spelt", "p3", "../p"], '"../p" is no name of a policy'],
  ] as const)
    expect(await run(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(said) });
  expect((await run("show", "spelt")).stdout).toContain("1 policy");
});
