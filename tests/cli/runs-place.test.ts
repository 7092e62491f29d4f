/** Which database `entrepot runs` asks, and what it says of it. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { openShellWorld } from "./shell-world.ts";
import { ended } from "./spawn-command.ts";

it("a password in the address of a database is never said, and a .env names none", { timeout: 60_000 }, async () => {
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
