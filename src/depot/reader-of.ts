/**
 * With whose permissions a bucket is read, as a text by which processes tell whether an answer to one is good for another. What
 * cannot be told is nobody else's. It names keys, and holds no secret.
 */
import type { S3Options } from "./options.ts";
import type { Settings } from "./settings.ts";

const secrets: ReadonlySet<string> = new Set(["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]);

export function readerOf(
  { credentials, profile }: S3Options,
  { env, homeFolder }: Pick<Settings, "env" | "homeFolder">,
  anonymous: boolean,
): string | undefined {
  if (anonymous) return "anyone";
  if (typeof credentials === "function") return undefined;
  if (credentials !== undefined) return JSON.stringify(["key", credentials.accessKeyId]);
  // Whoever is found by the same names in the same places.
  const names = Object.keys(env).filter((name) => name.startsWith("AWS_") && !secrets.has(name));
  const places = names.sort().map((name) => [name, env[name]]);
  return JSON.stringify(["found", homeFolder, profile ?? null, places]);
}
