/** Credentials that a program of the user prints. It is named in AWS's own files only, started without a shell, and bounded in time. */
import { EntrepotError, isEntrepotError } from "../../../../error/index.ts";
import type { Credentials } from "../../sign.ts";
import type { RunResult } from "../aws-world.ts";
import type { Profile } from "../profiles.ts";
import { jsonObject, momentMs, textField } from "./ask.ts";
import { splitCommand } from "./split-command.ts";
import { misconfigured, named, sourceIn, unauthenticated, type Way, type WayContext } from "./way.ts";

const timeoutMs = 60_000;
const maxNoteLength = 160;

export const credentialProcess: Way = {
  name: "custom-process",
  find(context) {
    const { profile } = context;
    if (profile === undefined) return "there is no such profile";
    const line = profile.settings["credential_process"];
    if (line === undefined) return `profile ${profile.name} names no credential_process`;
    const where = named(profile, "credential_process");
    const command = splitCommand(line);
    if (command === undefined || command.length === 0) {
      throw misconfigured(
        `the credential_process of ${where} ${command === undefined ? "has a quote that is not closed" : "is empty"}`,
        "Write it as a program and its arguments; a path with blanks stands in double quotes.",
      );
    }
    const place = profile.placeOf("credential_process");
    return {
      source: `credential_process of ${sourceIn(profile, place)}`,
      place,
      value: async () => printed(await run(context, profile, command), where),
    };
  },
};

async function run({ world }: WayContext, profile: Profile, command: readonly string[]): Promise<RunResult> {
  const where = named(profile, "credential_process");
  try {
    const result = await world.run(command, { env: world.env, timeoutMs });
    if (result.exitCode === 0) return result;
    const note = shortNote(result.stderr);
    const code = result.exitCode === undefined ? "was killed" : `ended with the exit code ${result.exitCode}`;
    throw unauthenticated(
      `the credential_process of ${where} ${code}${note === "" ? "" : `: ${note}`}`,
      "Run the command by hand: it should print credentials as JSON.",
    );
  } catch (error) {
    if (isEntrepotError(error, "not-found", "forbidden", "busy", "io")) {
      throw misconfigured(
        `the credential_process of ${where} cannot be started: ${error.message}`,
        "Is the program installed, executable, and on PATH? No shell is used: ~ and variables are not expanded.",
      );
    }
    if (!isEntrepotError(error, "timeout", "limit-exceeded")) throw error;
    throw new EntrepotError(error.code, `the credential_process of ${where}: ${error.message}`, {
      retryable: false,
      hint: "Run the command by hand: does it wait for an input? It gets none.",
    });
  }
}

/** Repeats nothing of what was printed: it is secret. */
function printed({ stdout }: RunResult, where: string): Credentials {
  const answer = jsonObject(stdout);
  const fail = (what: string) =>
    misconfigured(
      `the credential_process of ${where} printed ${what}`,
      'It prints {"Version": 1, "AccessKeyId": …, "SecretAccessKey": …}, SessionToken and Expiration where there are any, and nothing else.',
    );
  if (answer === undefined) throw fail("no JSON");
  if (answer["Version"] !== 1) throw fail("another Version than 1");
  const accessKeyId = textField(answer, "AccessKeyId");
  const secretAccessKey = textField(answer, "SecretAccessKey");
  if (accessKeyId === "") throw fail("no AccessKeyId");
  if (secretAccessKey === "") throw fail("no SecretAccessKey");
  const ends = textField(answer, "Expiration");
  const expiresMs = ends === "" ? undefined : momentMs(ends);
  if (ends !== "" && expiresMs === undefined) throw fail("an Expiration that is no moment");
  return { accessKeyId, secretAccessKey, sessionToken: textField(answer, "SessionToken") || undefined, expiresMs };
}

/** The last line of what a program complains, without whatever looks like a secret. */
function shortNote(stderr: string): string {
  const line = stderr.trim().split("\n").at(-1)?.trim() ?? "";
  return line.replace(/[A-Za-z0-9+/=_-]{16,}/g, "REDACTED").slice(0, maxNoteLength);
}
