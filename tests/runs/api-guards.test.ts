import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kinds } from "../queue/places.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const api = "/api/v1";
const [embedded] = kinds;

/** With headers that `fetch` does not let one set. */
async function raw(url: string, path: string, headers: Record<string, string>, method = "GET", body?: string) {
  const request = httpRequest(`${url}${path}`, { method, headers, setHost: headers["host"] === undefined });
  request.end(body);
  const [response] = (await once(request, "response")) as [import("node:http").IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

describe("the API lets in", { timeout: 120_000 }, () => {
  let it: ServedWorld;
  let admin: string;
  /** Every operation of the document: its method, its path with this run and model in it, its role. */
  const operations = async (run: string, model: string) => {
    const { body } = await it.ask(undefined, "GET", "/api/openapi.json");
    return Object.entries<Record<string, { operationId: string; description: string }>>(body.paths).flatMap(
      ([at, methods]) =>
        Object.entries(methods).map(([method, { operationId, description }]) => ({
          id: operationId,
          role: /`(\w+)`/.exec(description)?.[1] ?? "none",
          isOfRun: at.includes("{run}"),
          isOfModel: at.includes("{model}"),
          method: method.toUpperCase(),
          path:
            api +
            at
              .replace("{run}", run)
              .replace("{model}", encodeURIComponent(model))
              .replace(/\{\w+\}/g, "x") +
            (operationId.endsWith("Output") && operationId !== "listOutputs" ? "?policy=base&path=x" : ""),
        })),
    );
  };
  beforeAll(async () => {
    it = await openServedWorld((embedded as NonNullable<typeof embedded>).open);
    admin = await it.tokenOf("admin");
  }, 120_000);
  afterAll(async () => {
    await it.close();
    expect(it.internal).toEqual([]);
  });

  test("nobody without a token, whatever is asked", async () => {
    const all = await operations("x", "m");
    expect(all.length).toBeGreaterThan(30);
    for (const { id, role, method, path } of all.filter(({ role }) => role !== "none"))
      for (const token of [undefined, "entrepot_00000000000000000000000000", "x"]) {
        const { status, body, headers } = await it.ask(token, method, path);
        expect([id, status, body.code]).toEqual([id, 401, "unauthenticated"]);
        expect([role, headers.get("www-authenticate")]).toEqual([role, "Bearer"]);
      }
  });

  test("a role to what it is for, and no further", async () => {
    const ranks = ["read", "run", "admin"];
    for (const role of ["read", "run"] as const) {
      const token = await it.tokenOf(role);
      for (const { id, role: needed, method, path } of await operations("x", "m"))
        if (ranks.indexOf(needed) > ranks.indexOf(role))
          expect([id, (await it.ask(token, method, path, {})).body.code]).toEqual([id, "forbidden"]);
    }
  });

  test("a token of one model to nothing of another, for every operation", async () => {
    const { id: run } = await it.world.started();
    const { model } = await it.store.runs.get(run);
    const own = await it.world.newModel();
    const token = await it.tokenOf("run", [own]);
    let asked = 0;
    for (const { id, role, method, path, isOfRun, isOfModel } of await operations(run, model)) {
      if (role === "none" || !(isOfRun || isOfModel || role === "admin" || id === "cacheStats")) continue;
      asked += 1;
      const { status, body } = await it.ask(token, method, path, {});
      const isOfAll = role === "admin" || id === "cacheStats";
      expect([id, status, body.code]).toEqual([id, isOfAll ? 403 : 404, isOfAll ? "forbidden" : "not-found"]);
      if (isOfAll) continue;
      // the same as for what there is none of, to the letter
      const [noRun, noModel] = ["0".repeat(run.length), "model none"];
      const none = path.replace(run, noRun).replace(encodeURIComponent(model), encodeURIComponent(noModel));
      const said = JSON.stringify(await it.ask(token, method, none, {}).then(({ body }) => body));
      expect([id, said.replaceAll(noRun, run).replaceAll(noModel, model)]).toEqual([id, JSON.stringify(body)]);
    }
    expect(asked).toBeGreaterThan(20);
    expect((await it.ask(token, "GET", `${api}/models`)).body.map(({ name }: { name: string }) => name)).toEqual([own]);
    expect((await it.ask(token, "GET", `${api}/runs`)).body.items).toEqual([]);
    expect((await it.ask(token, "GET", `${api}/runs?model=${encodeURIComponent(model)}`)).body.items).toEqual([]);
    const foreign = await it.ask(token, "POST", `${api}/runs`, { model, policies: ["p"] });
    const unknown = await it.ask(token, "POST", `${api}/runs`, { model: "no model", policies: ["p"] });
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect(foreign.body.detail.replace(model, "no model")).toBe(unknown.body.detail);
    expect((await it.ask(token, "POST", `${api}/runs`, { model: own, policies: ["p"] })).status).toBe(201);
    expect((await it.store.runs.get(run)).state).toBe("running");
  });

  test("no request for another name, which may be one that was made to lead here", async () => {
    for (const host of ["evil.example", `evil.example:${it.served.port}`, "127.0.0.1", "127.0.0.1:1"])
      for (const path of ["/", "/page.js", `${api}/session`, "/api/openapi.json"])
        expect([host, path, (await raw(it.served.url, path, { host })).status]).toEqual([host, path, 421]);
    for (const host of [`localhost:${it.served.port}`, `LOCALHOST:${it.served.port}`, `[::1]:${it.served.port}`])
      expect((await raw(it.served.url, `${api}/session`, { host })).status).toBe(200);
  });

  test("a link once, and its session by a cookie that no script and no other site has", async () => {
    const secret = new URL(it.served.newSignInUrl()).hash.replace("#code=", "");
    const first = await it.ask(undefined, "POST", `${api}/session`, { secret });
    expect(first.status).toBe(204);
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^entrepot_runs_\d+=\w{26}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect((await it.ask(undefined, "POST", `${api}/session`, { secret })).status).toBe(401);
    const own = { cookie: cookie.split(";")[0] ?? "" };
    const origin = it.served.url;
    expect((await it.ask(undefined, "GET", `${api}/session`, undefined, own)).body).toMatchObject({
      name: "sign-in link",
      role: "admin",
    });
    const create = (headers: Record<string, string>) =>
      it.ask(undefined, "POST", `${api}/models`, { name: "by page" }, { ...own, ...headers });
    const evil = [{}, { origin: "http://evil.example" }, { origin: "null" }, { origin: "http://localhost:1" }];
    const sites = [
      { origin, "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "none" },
    ];
    for (const headers of [...evil, ...sites] as Record<string, string>[])
      expect([headers, (await create(headers)).body.code]).toEqual([headers, "forbidden"]);
    const form = await fetch(`${origin}${api}/models`, {
      method: "POST",
      body: '{"name":"by form"}',
      headers: { ...own, origin, "content-type": "text/plain" },
    });
    expect(form.status).toBe(415);
    expect((await it.store.models.list()).some(({ name }) => name.startsWith("by "))).toBe(false);
    expect((await create({ origin, "sec-fetch-site": "same-origin" })).status).toBe(201);
    expect((await it.ask(undefined, "DELETE", `${api}/session`, undefined, { ...own, origin })).status).toBe(204);
    expect((await create({ origin })).status).toBe(401);
  });

  test("no session longer than its token, and none for ever", async () => {
    const { token, record } = await it.store.tokens.create({ name: "short", role: "read" });
    const signIn = async (secret: string) =>
      ((await it.ask(undefined, "POST", `${api}/session`, { secret })).headers.get("set-cookie") ?? "").split(";")[0] ??
      "";
    const who = async (cookie: string) =>
      (await it.ask(undefined, "GET", `${api}/session`, undefined, { cookie })).body.name;
    const cookie = await signIn(token);
    expect(await who(cookie)).toBe("short");
    await it.store.tokens.delete(record.id);
    expect(await who(cookie)).toBe("nobody");
    let nowMs = Date.now();
    const other = await it.serve({ now: () => nowMs });
    const codes = Array.from({ length: 3 }, () => new URL(other.newSignInUrl()).hash.replace("#code=", ""));
    const enter = (secret = "") =>
      fetch(`${other.url}${api}/session`, {
        method: "POST",
        body: JSON.stringify({ secret }),
        headers: { "content-type": "application/json" },
      });
    const [used = "", idle = ""] = (await Promise.all(codes.slice(0, 2).map(enter))).map(
      ({ headers }) => headers.get("set-cookie")?.split(";")[0] ?? "",
    );
    const nameOf = async (own: string) => {
      const response = await fetch(`${other.url}${api}/session`, { headers: { cookie: own } });
      return ((await response.json()) as { name: string }).name;
    };
    nowMs += 16 * 60_000;
    expect((await enter(codes[2])).status).toBe(401);
    expect([await nameOf(used), await nameOf(idle)]).toEqual(["sign-in link", "sign-in link"]);
    for (let hours = 1; hours <= 11; hours += 1) {
      nowMs += 3_600_000;
      expect([hours, await nameOf(used)]).toEqual([hours, "sign-in link"]);
    }
    expect(await nameOf(idle)).toBe("nobody");
    nowMs += 3_600_000;
    expect(await nameOf(used)).toBe("nobody");
  });

  test("nothing too large, nothing of another kind, no method that there is not", async () => {
    const { id } = await it.store.runs.create({ model: await it.world.newModel(), policies: ["p"] });
    const large = new Uint8Array(16 * 1024 ** 2 + 1);
    expect(await it.ask(admin, "PUT", `${api}/runs/${id}/files/a.bin`, large)).toMatchObject({
      status: 413,
      body: { code: "limit-exceeded" },
    });
    expect((await it.ask(admin, "PUT", `${api}/runs/${id}/files/a.bin`, large.subarray(1))).status).toBe(200);
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(1024 ** 2));
      },
    });
    const endless = await fetch(`${it.served.url}${api}/runs/${id}/files/b.bin`, {
      method: "PUT",
      body,
      duplex: "half",
      headers: { authorization: `Bearer ${admin}` },
    } as RequestInit).then(
      ({ status }) => status,
      () => "cut off",
    );
    expect([413, "cut off"]).toContain(endless);
    expect((await it.store.files.list(id)).map(({ name }) => name)).toEqual(["a.bin"]);
    expect(
      (await it.ask(admin, "POST", `${api}/runs`, { model: "m", description: "x".repeat(1024 ** 2) })).status,
    ).toBe(413);
    expect((await it.ask(admin, "POST", `${api}/models`, new TextEncoder().encode('{"name":"x"}'))).status).toBe(415);
    const not = await it.ask(admin, "DELETE", `${api}/runs`);
    expect([not.status, not.headers.get("allow")]).toEqual([405, "GET, POST"]);
    for (const [method, path] of [
      ["HEAD", `${api}/runs/${id}/events`],
      ["OPTIONS", `${api}/runs`],
    ] as const)
      expect((await fetch(`${it.served.url}${path}`, { method })).status).toBe(405);
  });

  test("nobody to change what is only shown", async () => {
    const other = await it.serve({ readOnly: true });
    for (const { id, role, method, path } of await operations("x", "m")) {
      if (role !== "run" && role !== "admin") continue;
      const response = await fetch(`${other.url}${path}`, { method, headers: { authorization: `Bearer ${admin}` } });
      expect([id, ((await response.json()) as { code: string }).code]).toEqual([id, "read-only"]);
    }
  });

  test("other machines only where that is said and there is a token", async () => {
    await expect(it.serve({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "misconfigured" });
    const tokens = await it.store.tokens.list();
    const all = { ...it.store, tokens: { ...it.store.tokens, list: async () => [] } };
    await expect(it.serve({ host: "0.0.0.0", public: true, store: all })).rejects.toMatchObject({
      code: "misconfigured",
    });
    expect(tokens.length).toBeGreaterThan(0);
    const other = await it.serve({ host: "0.0.0.0", public: true, origin: "https://runs.example.com" });
    const at = `http://127.0.0.1:${other.port}`;
    expect((await raw(at, `${api}/session`, { host: "runs.example.com" })).status).toBe(200);
    expect((await raw(at, `${api}/session`, { host: "evil.example" })).status).toBe(421);
    const secret = new URL(other.newSignInUrl()).hash.replace("#code=", "");
    const headers = {
      host: "runs.example.com",
      "content-type": "application/json",
      origin: "https://runs.example.com",
    };
    const signedIn = await raw(at, `${api}/session`, headers, "POST", JSON.stringify({ secret }));
    expect(signedIn.headers["set-cookie"]?.[0]).toMatch(/; Secure$/);
  });

  test("a failure of ours to be told from a mistake of who asks, without its text", async () => {
    const told: unknown[][] = [];
    const defect = new RangeError("Invalid array length of /srv/entrepot");
    const runs = { ...it.store.runs, list: () => Promise.reject(defect) };
    const other = await it.serve({
      store: { ...it.store, runs },
      onInternalError: (...given: unknown[]) => told.push(given),
    });
    const response = await fetch(`${other.url}${api}/runs`, { headers: { authorization: `Bearer ${admin}` } });
    const id = response.headers.get("x-request-id");
    expect([response.status, id]).toEqual([500, expect.stringMatching(/^[0-9a-f]{12}$/)]);
    expect(await response.json()).toMatchObject({
      code: "internal",
      detail: expect.stringMatching(new RegExp(`request ${id}$`)),
    });
    expect(told).toEqual([[defect, id]]);
    expect(it.requests.at(-1)).toMatchObject({ id, status: 500 });
    expect((await it.ask(admin, "GET", `${api}/runs?limit=0`)).body).toMatchObject({ code: "invalid-request" });
  });

  test("no secret into its log", async () => {
    await it.ask(admin, "GET", `${api}/runs?search=${admin}`);
    await it.ask(undefined, "POST", `${api}/session`, { secret: admin });
    // one that stands where its id belongs
    for (const path of [`${api}/tokens/${admin}`, `${api}/tokens/%65${admin.slice(1)}`]) {
      const { status, body } = await it.ask(admin, "DELETE", path);
      expect(status).toBe(400);
      expect(JSON.stringify(body)).not.toContain(admin.slice(10));
    }
    expect(it.requests.at(-1)?.path).toBe(`${api}/tokens/entrepot_REDACTED`);
    expect(it.requests.length).toBeGreaterThan(100);
    expect(JSON.stringify(it.requests)).not.toContain(admin.slice(10));
  });
});
