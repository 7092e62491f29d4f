import { expect, test } from "vitest";
import { EntrepotError } from "../../../../error/index.ts";
import { credentialsIn, fakeWorld } from "../world.fixture.ts";

const configOf = (command: string) => ({ "~/.aws/config": `[default]\ncredential_process = ${command}\n` });
const node = JSON.stringify(process.execPath);

test("the program gets its words, the given environment and no shell", async () => {
  const script =
    "console.log(JSON.stringify({Version:1,AccessKeyId:process.argv[1],SecretAccessKey:process.env.GIVEN,SessionToken:process.env.PATH,Expiration:'2030-01-01T13:00:00Z'}))";
  const world = fakeWorld({ GIVEN: "s" }, configOf(`${node} -e "${script}" '$GIVEN # && *'`));
  expect(await credentialsIn(world)).toEqual({
    accessKeyId: "$GIVEN # && *",
    secretAccessKey: "s",
    sessionToken: undefined,
    expiresMs: Date.UTC(2030, 0, 1, 13),
  });
});

test("a command may go on in the next line", async () => {
  const printed = `'{"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "s"}'`;
  expect(await credentialsIn(fakeWorld({}, configOf(`/bin/echo\n  ${printed}`)))).toMatchObject({ accessKeyId: "P" });
});

test("of what it complains only a short last line is told, without what looks like a secret", async () => {
  const noise = `${"a".repeat(500)}\\nlogin at wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY first`;
  const world = fakeWorld({}, configOf(`/bin/sh -c "printf '${noise}' >&2; echo printed-secret; exit 1"`));
  const error = await credentialsIn(world).catch((caught: Error) => caught);
  expect(error).toMatchObject({
    code: "unauthenticated",
    message: expect.stringMatching(/code 1: login at REDACTED first$/),
  });
  expect(JSON.stringify(error)).not.toMatch(/printed-secret|aaaa/);
});

test("one that does not end is a time-out, and is not started again", async () => {
  const seen: unknown[] = [];
  const world = fakeWorld({}, configOf("slow one"), {
    run: async (command, options) => {
      seen.push([command, options.timeoutMs]);
      throw new EntrepotError("timeout", "slow did not end within 60000 ms");
    },
  });
  await expect(credentialsIn(world)).rejects.toMatchObject({ code: "timeout", retryable: false });
  expect(seen).toEqual([[["slow", "one"], 60_000]]);
});

test("a program's arguments are in no error", async () => {
  const error = await credentialsIn(fakeWorld({}, configOf("/nowhere --token hunter2"))).catch((caught) => caught);
  expect(error).toMatchObject({ code: "misconfigured", message: expect.stringContaining("/h/.aws/config:2") });
  expect(`${JSON.stringify(error)}${error.cause}${error.stack}`).not.toContain("hunter2");
});
