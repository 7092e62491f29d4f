/** Who is signed in at the page: in memory only, so that a restart signs everybody out. A link signs in once. */
import { createHash } from "node:crypto";
import type { RunStore } from "../../store/index.ts";
import type { Person } from "./who.ts";

export interface Sessions {
  /** A code for one sign-in within 15 minutes. */
  newCode(person: Person): string;
  /** The session of a code or token that is good; `undefined` for any other. */
  signIn(secret: string): Promise<string | undefined>;
  /** Whose it is, as its token is now. */
  find(session: string): Promise<Person | undefined>;
  signOut(session: string): void;
}

interface Session {
  readonly person: Person;
  /** Of the token that it was made with. */
  readonly tokenId: string | undefined;
  readonly endsMs: number;
}

const codeMs = 15 * 60_000;
const sessionMs = 12 * 3_600_000;
const mostSessions = 1_000;

export function openSessions({
  store,
  now,
  newSecret,
}: {
  readonly store: Pick<RunStore, "tokens">;
  readonly now: () => number;
  readonly newSecret: () => string;
}): Sessions {
  // by hash, so that how long a look takes says nothing of what is there
  const codes = new Map<string, { readonly person: Person; readonly endsMs: number }>();
  const sessions = new Map<string, Session>();
  const begin = (person: Person, tokenId: string | undefined): string => {
    for (const [key, { endsMs }] of sessions) if (endsMs <= now()) sessions.delete(key);
    // the oldest is the first
    for (const key of sessions.keys()) if (sessions.size >= mostSessions) sessions.delete(key);
    const session = newSecret();
    sessions.set(hashOf(session), { person, tokenId, endsMs: now() + sessionMs });
    return session;
  };
  return {
    newCode(person) {
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
    async find(session) {
      const key = hashOf(session);
      const found = sessions.get(key);
      if (found === undefined) return undefined;
      const { person, tokenId, endsMs } = found;
      if (endsMs > now() && tokenId === undefined) return person;
      const tokens = endsMs > now() ? await store.tokens.list() : [];
      const token = tokens.find(({ id, expiresMs }) => id === tokenId && (expiresMs ?? Infinity) > now());
      if (token === undefined) sessions.delete(key);
      return token;
    },
    signOut(session) {
      sessions.delete(hashOf(session));
    },
  };
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
