import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BuiltCommand } from "./spawn-command.ts";

let command: BuiltCommand;
beforeAll(async () => {
  command = await BuiltCommand.build();
});
afterAll(() => command.close());

describe("the command without the library", () => {
  it("says its version and nothing else", async () => {
    const { code, stdout, stderr } = await command.run(["--version"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("shows its commands", async () => {
    for (const words of [["--help"], ["-h"], ["help"]]) {
      const { code, stdout } = await command.run(words);
      expect(code).toBe(0);
      expect(stdout).toContain("usage: entrepot <command>");
    }
  });

  it("without any word shows them as an error", async () => {
    const { code, stdout, stderr } = await command.run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("usage: entrepot <command>");
  });

  it("starts with one small chunk that needs no module of Node", () => {
    const byName = new Map(command.chunks.map((chunk) => [chunk.fileName, chunk]));
    const names = new Set<string>(["main.mjs"]);
    for (const name of names) for (const imported of byName.get(name)?.imports ?? []) names.add(imported);
    expect([...names].filter((name) => !byName.has(name))).toEqual([]);
    const bytes = [...names].reduce((sum, name) => sum + (byName.get(name)?.code.length ?? 0), 0);
    expect(bytes).toBeLessThan(12_000);
  });

  it("has a chunk of its own for each command", async () => {
    const files = command.chunks.flatMap((chunk) => chunk.facadeModuleId ?? []);
    for (const name of ["ls", "cat", "cp", "serve", "doctor"])
      expect(files.some((file) => file.endsWith(`src/cli/commands/${name}.ts`))).toBe(true);
  });
});

describe("a command line that makes no sense", () => {
  it.each([
    [["lss"], "there is no command lss", "did you mean entrepot ls?"],
    [["upload"], "there is no command upload", "did you mean entrepot cp?"],
    [["ls", "--recursve"], "unknown option --recursve", "did you mean --recursive?"],
    [["cat"], "entrepot cat needs an address", "usage: entrepot cat [options] <address>..."],
    [["cache"], "entrepot cache needs", "usage: entrepot cache stats|list"],
    [["cache", "purge"], "cache has no purge", "did you mean entrepot cache prune?"],
    [["cache", "prune"], "prune what?", "--max-bytes"],
    [["cache", "prune", "--older-than", "30"], "--older-than 30", ""],
    [["doctor", "a", "b"], "one too many: b", "usage"],
    [["ls", "--anonymous", "--profile", "p", "s3://b/"], "--anonymous and --profile contradict each other", ""],
    [["ls", "--offline", "--online", "s3://b/"], "--offline and --online contradict each other", ""],
    [["cp", "a", "b", "s3://b/c"], "several sources need a folder as target", "write s3://b/c/"],
    [["cp", "s3://b/x/", "./y/"], "s3://b/x/ is a folder", "add -r"],
    [["rm", "s3://b/x/"], "s3://b/x/ is a folder", "add -r"],
    [["rm", "-r", "s3://b/"], "is everything there is", "--force"],
    [["cp", "data.csv", ""], "an address is empty", "the working folder is ."],
    [["rm", "-r", ""], "an address is empty", "the working folder is ."],
    [["ls", "--glob"], "--glob needs a pattern", "entrepot ls --glob"],
    [["cat", "s3://b"], "s3://b is no object", "entrepot ls s3://b"],
    [["cp", "-", "-"], "- stands for one stream", ""],
    [["--profle", "p", "ls"], "unknown option --profle", "did you mean --profile?"],
    [["help", "exit"], "there is no help on exit", "exit-codes"],
  ])("is refused with code 2 and a way out: %j", async (args, message, hint) => {
    const { code, stdout, stderr } = await command.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
    expect(stderr).not.toContain("    at ");
  });

  it("is refused in JSON when JSON is asked for", async () => {
    const { code, stderr } = await command.run(["ls", "--json", "--nope"]);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({
      type: "error",
      code: "usage",
      exitCode: 2,
      message: "unknown option --nope",
    });
  });
});

it("the exit codes are documented", async () => {
  const { stdout } = await command.run(["help", "exit-codes"]);
  for (const code of [0, 1, 2, 3, 4, 5, 6, 130]) expect(stdout).toMatch(new RegExp(`^ +${code}  \\w`, "m"));
});
