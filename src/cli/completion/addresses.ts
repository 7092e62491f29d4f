/** What an address that somebody begins to write could become: names of this machine, under the root in force, and on servers. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openNodeDisk } from "../../disk/index.ts";
import { printable } from "../escape.ts";
import type { Host } from "../host.ts";
import type { Candidate } from "./candidate.ts";
import { localNames } from "./local-names.ts";
import { end, type RemoteWorld, remoteNames } from "./remote-names.ts";

export interface NameWorld {
  readonly host: Pick<Host, "env" | "workingFolder">;
  /** Loads the library; `undefined` where the line's settings make no sense. */
  readonly remote: () => Promise<RemoteWorld | undefined>;
}

const account: Candidate = { value: "s3://", goesOn: true };

/** For operands of commands, which may be anywhere. */
export async function addressesFrom(world: NameWorld, typed: string): Promise<readonly Candidate[]> {
  if (typed.startsWith(account.value)) {
    const remote = await world.remote();
    return remote === undefined ? [] : (await remoteNames(remote, typed)).map((uri) => candidateOf(uri, uri));
  }
  const places = account.value.startsWith(typed) ? [account] : [];
  if (/^[a-z][a-z0-9+.-]*:/i.test(typed)) return places;
  if (/^(?:\.{0,2}|~)\/|^\.{1,2}$/.test(typed)) return pathsFrom(world, typed);
  return [...(await bareNamesFrom(world, typed)), ...places];
}

/** For what is always on this machine. */
export async function pathsFrom({ host }: NameWorld, typed: string): Promise<readonly Candidate[]> {
  if (typed === "." || typed === "..") return [{ value: `${typed}/`, goesOn: true }];
  const { folder, start } = divided(typed);
  const home = host.env["HOME"] ?? homedir();
  const path = folder.startsWith("~/") ? `${home}/${folder.slice(2)}` : resolve(host.workingFolder, folder || ".");
  return namesIn(path, folder, start);
}

/** Under the root in force, which may be on a server; without one, in the working folder. */
async function bareNamesFrom(world: NameWorld, typed: string): Promise<readonly Candidate[]> {
  const remote = await world.remote();
  if (remote === undefined) return [];
  const { folder, start } = divided(typed);
  const depot = remote.open(remote.options);
  const root = depot.resolve(folder);
  end(depot);
  const base = root.endsWith("/") ? root : `${root}/`;
  if (base.startsWith("file:")) return namesIn(fileURLToPath(base), folder, start);
  if (!base.startsWith("s3:")) return [];
  const uris = await remoteNames(remote, base + start);
  return uris.map((uri) => candidateOf(folder + uri.slice(base.length), uri));
}

async function namesIn(path: string, folder: string, start: string): Promise<readonly Candidate[]> {
  const names = await localNames(openNodeDisk(), path, start);
  return names.map(({ name, isFolder }) => candidateOf(`${folder}${name}${isFolder ? "/" : ""}`, name));
}

function divided(typed: string): { readonly folder: string; readonly start: string } {
  const at = typed.lastIndexOf("/") + 1;
  return { folder: typed.slice(0, at), start: typed.slice(at) };
}

function candidateOf(value: string, named: string): Candidate {
  const goesOn = value.endsWith("/");
  const name = named.slice(named.lastIndexOf("/", named.length - 2) + 1);
  return { value, goesOn, shown: printable(goesOn && !name.endsWith("/") ? `${name}/` : name) };
}
