/** Which database `entrepot runs` asks, and what it says of it. */
import { mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { postgresPrograms, startPostgres } from "../queue/postgres-server.ts";
import { openShellWorld } from "./shell-world.ts";
import { BuiltCommand, ended } from "./spawn-command.ts";

const programs = postgresPrograms();

it.skipIf(programs === undefined)(
  "a server that wants a password and gets none is told so",
  { timeout: 60_000 },
  async () => {
    if (programs === undefined) return;
    const [command, server] = await Promise.all([BuiltCommand.build(), startPostgres(programs, "hunter2")]);
    try {
      const env = { ENTREPOT_RUNS: server.url };
      expect(await command.run(["runs", "list"], { env })).toEqual({
        code: 4,
        stdout: "",
        stderr: expect.stringMatching(/wants a password, and there is none\nhint: .*PGPASSWORD or ~\/\.pgpass/),
      });
      expect(await command.run(["runs", "list"], { env: { ...env, PGPASSWORD: "hunter2" } })).toMatchObject({
        code: 0,
      });
    } finally {
      await server.stop();
      await command.close();
    }
  },
);

it("a place that is none becomes no folder, and who only looks makes no database", { timeout: 60_000 }, async () => {
  const command = await BuiltCommand.build();
  try {
    const run = (ENTREPOT_RUNS: string, ...args: string[]) =>
      command.run(["runs", ...args], { env: { ENTREPOT_RUNS } });
    await mkdir(path.join(command.home, "full"));
    await writeFile(path.join(command.home, "full/photo.jpg"), "x");
    const before = await readdir(command.home);
    const refused = await run("somebody:hunter2@host:5432/runs", "model", "add", "m");
    expect(refused).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining("postgresql://host/name") });
    expect(refused.stderr).not.toContain("hunter2");
    expect(await run("nowhere", "list")).toEqual({
      code: 3,
      stdout: "",
      stderr: expect.stringMatching(/no database of runs in nowhere\nhint: entrepot runs model add/),
    });
    expect(await run("full", "model", "add", "m")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("holds other things"),
    });
    expect(await readdir(command.home)).toEqual(before);
    expect((await run("new", "model", "add", "m")).code).toBe(0);
    expect((await run(`file://${command.home}/new`, "model", "list")).stdout).toContain("m  -");
  } finally {
    await command.close();
  }
});

it("a password in the address of a database is never said, and a .env names none", { timeout: 120_000 }, async () => {
  const { command, server, data } = await openShellWorld("bucket");
  try {
    for (const args of [["list"], ["list", "--json"], ["list", "--debug"]]) {
      const url = "postgresql://somebody:hunter2@127.0.0.1:1/db?password=hunter3";
      const { code, stdout, stderr } = await command.run(["runs", ...args], { env: { ENTREPOT_RUNS: url } });
      expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
      expect(stderr).not.toMatch(/hunter/);
    }
    await writeFile(path.join(command.home, ".env"), "ENTREPOT_RUNS=postgresql://elsewhere/db\n");
    expect(await command.run(["runs", "list"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("a .env file may not say ENTREPOT_RUNS"),
    });
    const [here, there] = await Promise.all(
      ["here", "there"].map((dir) => ended(command.start(["runs", "model", "add", "m", "--runs", dir]))),
    );
    expect([here?.code, there?.code]).toEqual([0, 0]);
  } finally {
    await command.close();
    await data.close();
    await server.close();
  }
});
