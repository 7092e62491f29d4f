/** Files that hold secrets or say who gets them, and that others on this machine may read or change. */
import type { Disk } from "../disk/index.ts";
import type { Environment } from "./environment.ts";
import { type Finding, finding } from "./finding.ts";

/** A note for each file that is open to others; one that cannot be looked at is nobody's concern here. */
export async function privateFileFindings(env: Environment, disk: Disk): Promise<Finding[]> {
  const found = await Promise.all(candidates(env).map((path) => looked(path, disk)));
  return found.flat();
}

function candidates(env: Environment): string[] {
  const home = env["HOME"] || env["USERPROFILE"];
  const below = (name: string) => (home ? `${home}/${name}` : undefined);
  const named = (name: string, usual: string) => {
    const path = env[name];
    if (!path) return below(usual);
    return path.startsWith("~/") ? below(path.slice(2)) : path;
  };
  const all = [
    named("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials"),
    named("AWS_CONFIG_FILE", ".aws/config"),
    named("ENTREPOT_ENV_FILE", ".entrepot.env"),
    env["AWS_WEB_IDENTITY_TOKEN_FILE"],
    env["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"],
  ];
  return [...new Set(all.filter((path) => path?.startsWith("/") === true))] as string[];
}

async function looked(path: string, disk: Disk): Promise<Finding[]> {
  const stat = await disk.stat(path, { followLinks: true }).catch(() => undefined);
  if (stat === undefined || (stat.mode & 0o077) === 0) return [];
  const others = (stat.mode & 0o022) === 0 ? "read" : "change";
  const value = `${path} has mode 0o${stat.mode.toString(8)}: others on this machine may ${others} it`;
  return [finding("file.mode", value, { status: "note", hint: `chmod 600 ${path}` })];
}
