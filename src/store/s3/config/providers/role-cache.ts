/** The roles that the AWS CLI has taken and keeps. Read only, and only where a person had to type a code for it. */
import { hash } from "node:crypto";
import type { Credentials } from "../../sign.ts";
import type { AwsWorld } from "../aws-world.ts";
import { awsFolder } from "../profiles.ts";
import { jsonObject, momentMs, textField } from "./ask.ts";

/** What the CLI asks STS; the names are its own, because the name of its file is made of them. */
export interface RoleQuestion {
  readonly RoleArn: string;
  readonly RoleSessionName?: string | undefined;
  readonly ExternalId?: string | undefined;
  readonly SerialNumber?: string | undefined;
  readonly DurationSeconds?: number | undefined;
}

/** What the CLI got for the same question, if it still holds. */
export async function cachedRole(world: AwsWorld, question: RoleQuestion): Promise<Credentials | undefined> {
  const folder = awsFolder(world);
  if (folder === undefined) return undefined;
  const text = await world.readFile(`${folder}/cli/cache/${hash("sha1", asPythonWrites(question))}.json`);
  const kept = jsonObject(text ?? "")?.["Credentials"];
  if (typeof kept !== "object" || kept === null) return undefined;
  const fields = kept as Record<string, unknown>;
  const accessKeyId = textField(fields, "AccessKeyId");
  const secretAccessKey = textField(fields, "SecretAccessKey");
  const sessionToken = textField(fields, "SessionToken");
  const expiresMs = momentMs(textField(fields, "Expiration"));
  const holds = expiresMs !== undefined && expiresMs > world.clock.now();
  if (!holds || accessKeyId === "" || secretAccessKey === "") return undefined;
  return { accessKeyId, secretAccessKey, sessionToken, expiresMs };
}

/** JSON with Python's blanks, sorted by name and in ASCII. */
function asPythonWrites(question: RoleQuestion): string {
  const fields = Object.entries(question)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with control characters
  return `{${fields.join(", ")}}`.replace(/[^\u0000-\u007e]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
