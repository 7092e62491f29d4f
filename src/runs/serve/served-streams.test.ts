import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { kinds } from "../../../tests/queue/places.ts";
import { openTestStore, type TestStore } from "../../../tests/runs/test-store.ts";
import { entrepot } from "../../index.ts";
import type { ServedRuns } from "../index.ts";
import { beatMs } from "./event-stream.ts";
import { mostOfHolder } from "./guard/streams.ts";
import { start } from "./start.ts";

const [embedded] = kinds;

describe("a stream of events", { timeout: 120_000 }, () => {
  const data = entrepot();
  let world: TestStore;
  let served: ServedRuns;
  let run: string;
  /** What the server would call every so many milliseconds. */
  const works = new Map<() => void, number>();

  beforeAll(async () => {
    world = await openTestStore((embedded as NonNullable<typeof embedded>).open);
    const every = (ms: number, work: () => void) => {
      works.set(work, ms);
      return () => void works.delete(work);
    };
    served = await start(data, world.store, {}, { every });
    run = (await world.started()).id;
  }, 120_000);
  beforeEach(() => expect(works.size).toBe(0));
  afterAll(async () => {
    await served?.close();
    await world?.close();
    await data.close();
  });

  const listen = async (headers: Record<string, string>) => {
    const response = await fetch(`${served.url}/api/v1/runs/${run}/events`, { headers });
    return { response, reader: response.body?.pipeThrough(new TextDecoderStream()).getReader() };
  };
  type Reader = Awaited<ReturnType<typeof listen>>["reader"];
  const rest = async (reader: Reader) => {
    let text = "";
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) text += part.value;
    return text;
  };
  const beat = () => {
    for (const [work, ms] of works) if (ms === beatMs) work();
  };
  const newToken = () => world.store.tokens.create({ name: "listener", role: "read" });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  test("goes on while its token is good, and ends at the beat after that was taken back", async () => {
    const { token, record } = await newToken();
    const { response, reader } = await listen(bearer(token));
    expect(response.status).toBe(200);
    while (!((await reader?.read())?.value ?? "").includes("submitted"));
    beat();
    expect((await reader?.read())?.value).toBe(": here\n\n");
    await world.store.tokens.delete(record.id);
    beat();
    expect(await rest(reader)).toBe("");
    expect((await listen(bearer(token))).response.status).toBe(401);
  });

  test("ends at the beat after its session was signed out", async () => {
    const body = JSON.stringify({ secret: (await newToken()).token });
    const json = { "content-type": "application/json" };
    const signedIn = await fetch(`${served.url}/api/v1/session`, { method: "POST", headers: json, body });
    const cookie = { cookie: signedIn.headers.get("set-cookie")?.split(";")[0] ?? "" };
    const { reader } = await listen(cookie);
    while (!((await reader?.read())?.value ?? "").includes("submitted"));
    const out = { method: "DELETE", headers: { ...cookie, origin: served.url } };
    expect((await fetch(`${served.url}/api/v1/session`, out)).status).toBe(204);
    beat();
    expect(await rest(reader)).toBe("");
  });

  test("is one of so many of a token, whose place is free again when its listener has gone", async () => {
    const { token } = await newToken();
    const open = await Promise.all(Array.from({ length: mostOfHolder }, () => listen(bearer(token))));
    expect(open.map(({ response }) => response.status)).toEqual(open.map(() => 200));
    const { response } = await listen(bearer(token));
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "5"]);
    const other = await listen(bearer((await newToken()).token));
    expect(other.response.status).toBe(200);
    for (const { reader } of [...open, other]) await reader?.cancel();
    await expect.poll(() => works.size).toBe(0);
    const again = await listen(bearer(token));
    expect(again.response.status).toBe(200);
    await again.reader?.cancel();
    await expect.poll(() => works.size).toBe(0);
  });

  test("ends with its server", async () => {
    const { reader } = await listen(bearer((await newToken()).token));
    while (!((await reader?.read())?.value ?? "").includes("submitted"));
    await served.close();
    await rest(reader).catch(() => undefined);
    expect(works.size).toBe(0);
  });
});
