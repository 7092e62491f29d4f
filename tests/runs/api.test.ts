import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { entrepot } from "../../src/index.ts";
import { serveRuns } from "../../src/runs/index.ts";
import { startS3Server } from "../../src/testing/index.ts";
import { kinds } from "../queue/places.ts";
import { openServedWorld, type ServedWorld } from "./served-world.ts";

const api = "/api/v1";

describe.each(kinds)("the API over a database that is $kind", { timeout: 120_000 }, ({ open }) => {
  let it: ServedWorld;
  let admin: string;
  const started: string[] = [];
  beforeAll(async () => {
    it = await openServedWorld(open, {
      onStart: async (id) => {
        started.push(id);
      },
    });
    admin = await it.tokenOf("admin");
  }, 120_000);
  afterAll(async () => {
    await it.close();
    expect(it.internal).toEqual([]);
  });

  test("a run is made, filled, started, watched, tried again and deleted", async () => {
    const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
      it.ask(admin, method, api + path, body, headers);
    expect((await ask("POST", "/models", { name: "growth" })).status).toBe(201);
    const program = { command: ["node", "main.js"] };
    expect((await ask("POST", "/models/growth/versions", { program })).body).toMatchObject({ version: "v1", program });
    const created = await ask("POST", "/runs", { model: "growth", policies: ["base"], options: { first_year: 2024 } });
    expect(created).toMatchObject({ status: 201, body: { state: "created", options: { first_year: 2024 } } });
    const run = `/runs/${created.body.id}`;
    expect((await ask("PUT", `${run}/policies/${encodeURIComponent("high +1")}`)).body.policies).toEqual([
      "base",
      "high +1",
    ]);
    const changed = await ask("PATCH", run, { name: "first", options: { a: [1] }, retries: 0 });
    expect(changed.body).toMatchObject({ name: "first", options: { a: [1] }, retries: 0 });
    const tag = { "if-match": `"${changed.body.etag}"` };
    const [read, mine] = [await ask("GET", run), await ask("PATCH", run, { options: { a: [2] } }, tag)];
    expect([read.headers.get("etag"), mine.headers.get("etag")]).toEqual([tag["if-match"], `"${mine.body.etag}"`]);
    const late = await ask("PATCH", run, { options: { a: [3] } }, tag);
    expect(late).toMatchObject({
      status: 412,
      body: { detail: `run ${created.body.id} was changed or removed meanwhile` },
    });
    expect((await ask("GET", run)).body.options).toEqual({ a: [2] });
    expect((await ask("PATCH", run, {}, { "if-match": "*" })).status).toBe(400);
    const file = `${run}/files/parameters.csv?policy=base`;
    const put = await ask("PUT", file, new TextEncoder().encode("a,b\r\n1,2\r\n"));
    expect(put).toMatchObject({ status: 200, body: { policyId: "base", isText: true, sizeBytes: 10 } });
    const other = await ask("PUT", file, new Uint8Array(), { "if-match": `"${"0".repeat(64)}"` });
    expect(other).toMatchObject({ status: 412, body: { code: "precondition-failed" } });
    const same = await ask("PUT", file, new TextEncoder().encode("a\n"), { "if-match": `"${put.body.sha256}"` });
    expect(same.status).toBe(200);
    expect(await ask("GET", file)).toMatchObject({ status: 200, body: "a\n" });
    const old = { "if-match": put.headers.get("etag") ?? "" };
    expect((await ask("DELETE", file, undefined, old)).status).toBe(412);
    expect(await ask("GET", file)).toMatchObject({ status: 200, body: "a\n" });
    expect((await ask("POST", `${run}/start`)).body).toMatchObject([{ state: "ready" }, { state: "ready" }]);
    expect(started).toEqual([created.body.id]);
    expect(await ask("PATCH", run, { name: "late" }, tag)).toMatchObject({
      status: 409,
      body: { code: "precondition-failed" },
    });
    // what does not hold is the state of the run, whatever the file was
    expect(await ask("PUT", file, new Uint8Array(), { "if-match": `"${same.body.sha256}"` })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining("was started") },
    });
    expect((await ask("POST", `${run}/cancel`, { policies: ["base"] })).body).toMatchObject([
      { policyId: "base", state: "cancelled", reason: "cancelled by admin of test" },
    ]);
    expect((await ask("POST", `${run}/retry`, {})).body).toMatchObject([{ policyId: "base", state: "ready" }]);
    const first = (await ask("GET", `${run}/tasks?limit=1`)).body;
    expect(first).toMatchObject({ items: [{ policyId: "base" }], next: expect.any(String) });
    const second = (await ask("GET", `${run}/tasks?limit=1&after=${first.next}`)).body;
    expect(second).toMatchObject({ items: [{ policyId: "high +1" }] });
    expect(second.next).toBeUndefined();
    expect((await ask("GET", `${run}/tasks?after=${run.slice(6)}`)).status).toBe(400);
    expect((await ask("GET", `${run}/tasks?policy=base`)).body.items).toEqual(first.items);
    const tasks = [...first.items, ...second.items] as { id: string }[];
    for (const { id } of tasks) await it.finish(id, { "out.csv": "x,y\n1,a\n2,b\n" }, ["one", "two"]);
    expect((await ask("GET", `${run}/policies/base/attempts`)).body).toMatchObject([{ number: 1, state: "done" }]);
    const out = (await ask("GET", `${run}/outputs?limit=1`)).body;
    expect(out).toMatchObject({ items: [{ policyId: "base", path: "out.csv", sizeBytes: 12 }] });
    expect((await ask("GET", `${run}/outputs?policy=base`)).body).toEqual({ items: out.items });
    expect((await ask("GET", `${run}/outputs?limit=1&after=${out.next}`)).body).toMatchObject({
      items: [{ policyId: "high +1" }],
    });
    const preview = await ask("GET", `${run}/preview?policy=base&path=out.csv&rows=1`);
    expect(preview.body).toMatchObject({ kind: "table", rows: [["1", "a"]], isWhole: false });
    expect((await ask("GET", `${run}/events`)).body).toMatch(
      /^retry: 1000\n\nid: 1\nevent: submitted\n[\s\S]*event: ended\n.*\n\n$/,
    );
    const events = await ask("GET", `${run}/events?type=log`, undefined, { "last-event-id": "6" });
    expect(events.body).not.toContain('"at":6,');
    expect((await ask("DELETE", run)).status).toBe(204);
    expect(await ask("GET", run)).toMatchObject({ status: 404, body: { code: "not-found" } });
    expect((await ask("DELETE", "/models/growth")).status).toBe(204);
  });

  test("who starts a run that somebody else has just started is told so, with or without a condition", async () => {
    const { id } = await it.world.started();
    // as it was when the request came
    const get = async () => ({ ...(await it.store.runs.get(id)), state: "created" as const });
    const other = await it.serve({ store: { ...it.store, runs: { ...it.store.runs, get } } });
    for (const headers of [{}, { "if-match": `"${"0".repeat(64)}"` }]) {
      const response = await fetch(`${other.url}${api}/runs/${id}/start`, {
        method: "POST",
        headers: { ...headers, authorization: `Bearer ${admin}` },
      });
      expect([response.status, await response.json()]).toMatchObject([
        409,
        { code: "precondition-failed", detail: `run ${id} was started already` },
      ]);
    }
  });

  test("runs come by pages, and only those that were asked for", async () => {
    const model = await it.world.newModel();
    for (const name of ["a1", "a2", "b1"]) await it.store.runs.create({ model, name, policies: ["p"] });
    const at = `${api}/runs?model=${encodeURIComponent(model)}&limit=2`;
    const first = (await it.ask(admin, "GET", at)).body;
    expect(first.items.map(({ name }: { name: string }) => name)).toEqual(["b1", "a2"]);
    const second = (await it.ask(admin, "GET", `${at}&after=${first.next}`)).body;
    expect(second).toMatchObject({ items: [{ name: "a1" }] });
    expect(second.next).toBeUndefined();
    expect((await it.ask(admin, "GET", `${at}&search=B1`)).body.items).toHaveLength(1);
  });

  test("events are told as they happen, and the watch ends when its listener goes", async () => {
    const { id, tasks } = await it.world.started();
    const watched = vi.spyOn(it.store, "watch");
    const gone = new AbortController();
    const response = await fetch(`${it.served.url}${api}/runs/${id}/events?policy=base`, {
      headers: { authorization: `Bearer ${admin}` },
      signal: gone.signal,
    });
    const lines = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const until = async (word: string) => {
      let seen = "";
      while (!seen.includes(word)) seen += (await lines?.read())?.value ?? "";
      return seen;
    };
    expect(await until("submitted")).toContain("id: 1");
    const attempt = await it.store.tasks.begin(tasks[0]?.id ?? "", { worker: "w" });
    expect(await until("started")).toContain('"worker":"w"');
    await it.store.tasks.log(attempt?.token as never, [{ timeMs: 1, stream: "stderr", line: "größer\u2028 data: x" }]);
    expect(await until("größer")).toContain('"stream":"stderr"');
    gone.abort();
    await expect(lines?.read()).rejects.toThrow();
    // one that still watches would wait for the next event, for ever
    const events = watched.mock.results[0]?.value as AsyncGenerator<unknown>;
    expect((await events.next().catch(() => ({ done: true }))).done).toBe(true);
  });

  test("outputs and files are never a page", async () => {
    const { id, tasks } = await it.world.started({ policies: ["base"] });
    const script = "<script>alert(1)</script>";
    await it.finish(tasks[0]?.id ?? "", {
      "a/x.html": script,
      "x.svg": "<svg/>",
      'q".png': "x",
      "b.bin": new Uint8Array([0, 1]),
    });
    for (const [path, type] of [
      ["a/x.html", "application/octet-stream"],
      ["x.svg", "image/svg+xml"],
      ['q".png', "image/png"],
    ] as const) {
      const { status, headers } = await it.ask(
        admin,
        "GET",
        `${api}/runs/${id}/output?policy=base&path=${encodeURIComponent(path)}`,
      );
      expect([status, headers.get("content-type"), headers.get("x-content-type-options")]).toEqual([
        200,
        type,
        "nosniff",
      ]);
      expect(headers.get("content-security-policy")).toMatch(/sandbox/);
      expect(headers.get("content-disposition")).toMatch(/^attachment; filename\*=UTF-8''[\w.%]+$/);
    }
    expect((await it.ask(admin, "GET", `${api}/runs/${id}/preview?policy=base&path=a/x.html`)).body).toEqual({
      kind: "text",
      text: script,
      isWhole: true,
    });
    expect((await it.ask(admin, "GET", `${api}/runs/${id}/preview?policy=base&path=b.bin`)).body.kind).toBe("none");
    const other = await it.ask(
      admin,
      "GET",
      `${api}/runs/${id}/output?policy=base&path=${encodeURIComponent("../../etc/passwd")}`,
    );
    expect(other).toMatchObject({ status: 404, body: { code: "not-found" } });
  });

  test("what lies in a bucket and cannot be had is no failure of who asks", async () => {
    const { id, tasks } = await it.world.started({ policies: ["base"] });
    const attempt = await it.store.tasks.begin(tasks[0]?.id ?? "", { worker: "w" });
    const uri = "s3://private/x.txt";
    await it.store.tasks.end(attempt?.token as never, {
      state: "done",
      outputs: [
        { path: "gone.txt", uri: `file://${it.dir}/gone.txt`, sizeBytes: 3, etag: "x" },
        { path: "far.txt", uri, sizeBytes: 3, etag: "x" },
      ],
    });
    const at = `${api}/runs/${id}/output?policy=base&path=`;
    expect(await it.ask(admin, "GET", `${at}gone.txt`)).toMatchObject({ status: 404, body: { code: "not-found" } });
    await writeFile(join(it.dir, "gone.txt"), "another");
    for (const route of [at, `${api}/runs/${id}/preview?policy=base&path=`])
      expect(await it.ask(admin, "GET", `${route}gone.txt`)).toMatchObject({ status: 409, body: { code: "changed" } });
    const s3 = await startS3Server({ buckets: ["private"] });
    const credentials = { ...s3.credentials, secretAccessKey: "another" };
    const data = entrepot({
      ...s3.options,
      credentials,
      cache: false,
      retries: { attempts: 1 },
      env: {},
      envFile: false,
    });
    onTestFinished(() => data.close());
    const other = await serveRuns(data, { store: it.store, onInternalError: (error) => it.internal.push(error) });
    onTestFinished(() => other.close());
    const far = async (route: string) => {
      const at = `${other.url}${api}/runs/${id}/${route}?policy=base&path=far.txt`;
      const response = await fetch(at, { headers: { authorization: `Bearer ${admin}` } });
      return { status: response.status, body: await response.json() };
    };
    for (const route of ["output", "preview"])
      expect(await far(route)).toMatchObject({
        status: 502,
        body: {
          title: "The bucket failed the server",
          detail: expect.stringMatching(/^the bucket of the outputs does not let this server in: /),
        },
      });
    await s3.close();
    for (const route of ["output", "preview"])
      expect(await far(route)).toMatchObject({
        status: 502,
        body: { code: "unreachable", detail: expect.stringMatching(/^this server does not reach the bucket/) },
      });
  });

  test("an output that is a link by now is not followed, nor one behind a folder that is", async () => {
    const { id, tasks } = await it.world.started({ policies: ["base"] });
    const attempt = await it.store.tasks.begin(tasks[0]?.id ?? "", { worker: "w" });
    const data = entrepot();
    onTestFinished(() => data.close());
    const dir = join(it.dir, "linked");
    await mkdir(join(dir, "real"), { recursive: true });
    await writeFile(join(it.dir, "secret"), "secret");
    await writeFile(join(dir, "real/b.txt"), "secret");
    await symlink(join(it.dir, "secret"), join(dir, "a.txt"));
    await symlink("real", join(dir, "deep"));
    const outputs = await Promise.all(
      ["a.txt", "deep/b.txt"].map(async (path) => {
        const { uri, sizeBytes = 0, etag = "" } = await data.stat(pathToFileURL(join(dir, path)));
        return { path, uri, sizeBytes, etag };
      }),
    );
    await it.store.tasks.end(attempt?.token as never, { state: "done", outputs });
    for (const route of ["output", "preview"])
      for (const { path } of outputs) {
        const answer = await it.ask(admin, "GET", `${api}/runs/${id}/${route}?policy=base&path=${path}`);
        expect([answer.status, answer.body.code]).toEqual([409, "changed"]);
      }
  });
});
