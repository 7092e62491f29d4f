/** Who is signed in at the page: in memory only, so that a restart signs everybody out. A link signs in once. */
import { createHash } from "node:crypto";
import type { RunStore } from "../../store/index.ts";
import type { Person } from "./who.ts";

export interface Sessions {
  /** A code for one sign-in within 15 minutes. */
  newCode(person: Person): string;
  /** The session of a code or token that is good; `undefined` for any other. */
  signIn(secret: string): Promise<string | undefined>;
  /** Whose it is, as its token is now. `isUse: false` looks without putting off the end of one that nobody uses. */
  find(session: string, options?: { readonly isUse?: boolean }): Promise<SignedIn | undefined>;
  signOut(session: string): void;
}

export interface SignedIn extends Person {
  /** The token that it was begun with; the same for all sessions of a link. */
  readonly holder: string;
}

interface Session {
  readonly person: Person;
  /** Of the token that it was made with. */
  readonly tokenId: string | undefined;
  readonly endsMs: number;
  usedMs: number;
}

const codeMs = 15 * 60_000;
/** From its beginning, and from its last use. */
export const longestMs: number = 12 * 3_600_000;
export const idleMs: number = 2 * 3_600_000;
/** Of one token: who signs in more often loses the oldest of its own. */
export const mostOfHolder = 20;
const mostSessions = 1_000;

export function openSessions({
  store,
  now,
  newSecret,
}: {
  readonly store: { readonly tokens: Pick<RunStore["tokens"], "check" | "list"> };
  readonly now: () => number;
  readonly newSecret: () => string;
}): Sessions {
  // by hash, so that how long a look takes says nothing of what is there
  const codes = new Map<string, { readonly person: Person; readonly endsMs: number }>();
  /** The oldest first. */
  const sessions = new Map<string, Session>();
  const isOver = ({ endsMs, usedMs }: Session): boolean => endsMs <= now() || usedMs + idleMs <= now();
  const makeRoom = (holder: string): void => {
    const byHolder = new Map<string, string[]>();
    for (const [key, each] of sessions)
      if (isOver(each)) sessions.delete(key);
      else byHolder.set(holderOf(each), [...(byHolder.get(holderOf(each)) ?? []), key]);
    const own = byHolder.get(holder) ?? [];
    for (const key of own.splice(0, Math.max(0, own.length - mostOfHolder + 1))) sessions.delete(key);
    if (sessions.size < mostSessions) return;
    // whoever has the most gives one
    const [oldest] = [...byHolder.values()].reduce((one, other) => (other.length > one.length ? other : one));
    if (oldest !== undefined) sessions.delete(oldest);
  };
  const begin = (person: Person, tokenId: string | undefined): string => {
    makeRoom(holderOf({ tokenId }));
    const session = newSecret();
    sessions.set(hashOf(session), { person, tokenId, endsMs: now() + longestMs, usedMs: now() });
    return session;
  };
  return {
    newCode(person) {
      for (const [key, { endsMs }] of codes) if (endsMs <= now()) codes.delete(key);
      const code = newSecret();
      codes.set(hashOf(code), { person, endsMs: now() + codeMs });
      return code;
    },
    async signIn(secret) {
      const key = hashOf(secret);
      const code = codes.get(key);
      if (code !== undefined) {
        codes.delete(key);
        return code.endsMs > now() ? begin(code.person, undefined) : undefined;
      }
      const token = await store.tokens.check(secret);
      return token && begin(token, token.id);
    },
    async find(session, { isUse = true } = {}) {
      const key = hashOf(session);
      const found = sessions.get(key);
      if (found === undefined) return undefined;
      const person = isOver(found) ? undefined : await personOf(found, store.tokens, now);
      if (person === undefined) {
        sessions.delete(key);
        return undefined;
      }
      if (isUse) found.usedMs = now();
      return { name: person.name, role: person.role, models: person.models, holder: holderOf(found) };
    },
    signOut(session) {
      sessions.delete(hashOf(session));
    },
  };
}

/** As its token is now; `undefined` where that is gone. */
async function personOf(
  { person, tokenId }: Session,
  tokens: Pick<RunStore["tokens"], "list">,
  now: () => number,
): Promise<Person | undefined> {
  if (tokenId === undefined) return person;
  const all = await tokens.list();
  return all.find(({ id, expiresMs }) => id === tokenId && (expiresMs ?? Infinity) > now());
}

function holderOf({ tokenId }: Pick<Session, "tokenId">): string {
  return tokenId === undefined ? "link" : `token ${tokenId}`;
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
