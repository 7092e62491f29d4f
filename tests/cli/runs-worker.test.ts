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
