import { beforeEach, expect, test } from "vitest";
import type { TokenRecord } from "../../store/index.ts";
import { idleMs, longestMs, mostOfHolder, openSessions, type Sessions } from "./sessions.ts";

const minuteMs = 60_000;
let nowMs: number;
let tokens: TokenRecord[];
let sessions: Sessions;

beforeEach(() => {
  nowMs = 1_700_000_000_000;
  tokens = ["a", "b"].map((id) => token(id));
  let count = 0;
  sessions = openSessions({
    store: { tokens: { check: async (secret) => tokens.find(({ id }) => id === secret), list: async () => tokens } },
    now: () => nowMs,
    newSecret: () => {
      count += 1;
      return `secret${count}`;
    },
  });
});

test("a session that is used ends at its absolute age", async () => {
  const session = await signIn("a");
  for (let age = 0; age < longestMs - minuteMs; age += 30 * minuteMs) {
    expect(await sessions.find(session)).toMatchObject({ name: "a" });
    nowMs += 30 * minuteMs;
  }
  expect(nowMs).toBe(1_700_000_000_000 + longestMs);
  expect(await sessions.find(session)).toBeUndefined();
});

test("a session that nobody uses ends before", async () => {
  const session = await signIn("a");
  nowMs += idleMs - 1;
  expect(await sessions.find(session)).toMatchObject({ name: "a" });
  nowMs += idleMs;
  expect(await sessions.find(session)).toBeUndefined();
  nowMs -= idleMs;
  expect(await sessions.find(session)).toBeUndefined();
});

test("a look that is no use does not put off its end", async () => {
  const session = await signIn("a");
  nowMs += idleMs - 1;
  expect(await sessions.find(session, { isUse: false })).toMatchObject({ name: "a" });
  nowMs += 1;
  expect(await sessions.find(session, { isUse: false })).toBeUndefined();
});

test("who signs in again and again loses the oldest of its own sessions, and nobody else's", async () => {
  const other = await signIn("b");
  const link = await signIn(sessions.newCode({ name: "link", role: "admin", models: undefined }));
  const own: string[] = [];
  for (let count = 0; count < 3 * mostOfHolder; count += 1) own.push(await signIn("a"));
  const left = await Promise.all(own.map(async (each) => (await sessions.find(each)) !== undefined));
  expect(left).toEqual(own.map((_, at) => at >= own.length - mostOfHolder));
  expect(await sessions.find(other)).toMatchObject({ name: "b", holder: "token b" });
  expect(await sessions.find(link)).toMatchObject({ name: "link", holder: "link" });
});

test("where there are too many in all, one goes of who has the most", async () => {
  const few = await signIn("a");
  tokens.push(...Array.from({ length: 60 }, (_, at) => token(`t${at}`)));
  const own = new Map<string, string[]>();
  for (const { id } of tokens.slice(2))
    for (let count = 0; count < mostOfHolder; count += 1) own.set(id, [...(own.get(id) ?? []), await signIn(id)]);
  expect(await sessions.find(few)).toMatchObject({ name: "a" });
  const left = await Promise.all(
    [...own.values()].flat().map(async (each) => (await sessions.find(each)) !== undefined),
  );
  expect(left.filter(Boolean)).toHaveLength(999);
});

test("no session is longer than its token", async () => {
  const session = await signIn("a");
  tokens[0] = { ...token("a"), expiresMs: nowMs + minuteMs };
  expect(await sessions.find(session)).toMatchObject({ name: "a" });
  nowMs += minuteMs;
  expect(await sessions.find(session)).toBeUndefined();
  const other = await signIn("b");
  tokens = [];
  expect(await sessions.find(other)).toBeUndefined();
});

test("a code is good once, and for a quarter of an hour", async () => {
  const person = { name: "link", role: "read", models: undefined } as const;
  const [used, late] = [sessions.newCode(person), sessions.newCode(person)];
  expect(await sessions.signIn(used)).toBeDefined();
  expect(await sessions.signIn(used)).toBeUndefined();
  nowMs += 15 * minuteMs;
  expect(await sessions.signIn(late)).toBeUndefined();
});

async function signIn(secret: string): Promise<string> {
  return (await sessions.signIn(secret)) ?? "";
}

function token(id: string): TokenRecord {
  return { id, name: id, role: "run", models: undefined, createdMs: 0, expiresMs: undefined };
}
