/** Who asks, and what that one may do: by a token or a session, never by where the request comes from. */
import { notThere } from "../../store/index.ts";
import { Refusal } from "../api/problem.ts";
import type { Route, World } from "../api/route.ts";
import type { Caller } from "./who.ts";

const nobody: Caller = {
  name: "nobody",
  role: "none",
  models: [],
  session: undefined,
  holder: "nobody",
  isStill: async () => true,
};
const ranks: Readonly<Record<Caller["role"], number>> = { none: 0, read: 1, run: 2, admin: 3 };

/** By `Authorization: Bearer`, else by the cookie. Refusal 401 for a token that is none: it is never taken for nobody. */
export async function callerOf(request: Request, { store, sessions }: World, cookieName: string): Promise<Caller> {
  const given = request.headers.get("authorization");
  if (given !== null) {
    const token = /^Bearer ([\w.~+/-]{1,200})$/i.exec(given)?.[1];
    const find = async () => (token === undefined ? undefined : store.tokens.check(token));
    const record = await find();
    if (record === undefined) throw notSignedIn("the token is none, has expired or was taken back");
    const { name, role, models } = record;
    const isStill = async (): Promise<boolean> => (await find()) !== undefined;
    return { name, role, models, session: undefined, holder: `token ${record.id}`, isStill };
  }
  const session = cookieOf(request, cookieName);
  const person = session === undefined ? undefined : await sessions.find(session);
  if (session === undefined || person === undefined) return nobody;
  return { ...person, session, isStill: async () => (await sessions.find(session, { isUse: false })) !== undefined };
}

/** Refusals 401 and 403. */
export function checkRole(caller: Caller, { role }: Route, isReadOnly: boolean): void {
  if (ranks[caller.role] < ranks[role]) {
    if (caller.role === "none") throw notSignedIn("this needs a token or a session");
    throw new Refusal(403, "forbidden", `the role ${caller.role} may not do this`, `it takes the role ${role}`);
  }
  if (isReadOnly && ranks[role] > ranks.read)
    throw new Refusal(403, "read-only", "this server only shows", "start it without --read-only to change something");
}

/**
 * Not-found for what belongs to a model that is not one of the caller's, in the words of what there is none of: who may not see it does
 * not learn whether it is there.
 */
export function checkModel(caller: Caller, model: string, what = `model ${JSON.stringify(model)}`): void {
  if (caller.models === undefined || caller.models.includes(model)) return;
  throw notThere(what);
}

export function checkAllModels(caller: Caller): void {
  if (caller.models === undefined) return;
  throw new Refusal(403, "forbidden", "this is not for tokens of some models only", "use a token of all models");
}

function notSignedIn(why: string): Refusal {
  return new Refusal(401, "unauthenticated", why, "entrepot runs token create makes one; runs serve prints a link");
}

function cookieOf(request: Request, name: string): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined && /^\w{1,100}$/.test(value)) return value;
  }
  return undefined;
}
