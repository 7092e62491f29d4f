/** A store that is served, with outputs on this disk and a few models, as tests of the API and of the page need it. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { entrepot } from "../../src/index.ts";
import {
  type RunStore,
  type ServedRequest,
  type ServedRuns,
  type ServeRunsOptions,
  serveRuns,
  type TokenRole,
} from "../../src/runs/index.ts";
import type { Kind } from "../queue/places.ts";
import { openTestStore, type TestStore } from "./test-store.ts";

export interface ServedWorld {
  readonly world: TestStore;
  readonly store: RunStore;
  readonly served: ServedRuns;
  readonly requests: ServedRequest[];
  /** Failures that are the server's own; tests expect none. */
  readonly internal: unknown[];
  /** Folder of outputs. */
  readonly dir: string;
  /** As that role, of all models or these. */
  tokenOf(role: TokenRole, models?: readonly string[]): Promise<string>;
  /** A request with a token. */
  ask(
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Asked>;
  /** Ends a policy well, with outputs of these contents. */
  finish(
    taskId: string,
    outputs: Readonly<Record<string, string | Uint8Array>>,
    lines?: readonly string[],
  ): Promise<void>;
  serve(options?: Partial<ServeRunsOptions>): Promise<ServedRuns>;
  close(): Promise<void>;
}

export interface Asked {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers of any kind
  readonly body: any;
}

export async function openServedWorld(
  open: Kind["open"],
  options: Partial<ServeRunsOptions> = {},
): Promise<ServedWorld> {
  const world = await openTestStore(open);
  const { store } = world;
  const data = entrepot();
  const dir = await mkdtemp(join(tmpdir(), "entrepot-served-"));
  const requests: ServedRequest[] = [];
  const internal: unknown[] = [];
  const others: ServedRuns[] = [];
  const serve = async (more: Partial<ServeRunsOptions> = {}) => {
    const other = await serveRuns(data, {
      store,
      onStart: async () => undefined,
      log: (request) => requests.push(request),
      onInternalError: (error) => internal.push(error),
      ...options,
      ...more,
    });
    others.push(other);
    return other;
  };
  const served = await serve();
  return {
    world,
    store,
    served,
    requests,
    internal,
    dir,
    serve,
    tokenOf: async (role, models) => (await store.tokens.create({ name: `${role} of test`, role, models })).token,
    async ask(token, method, path, given, headers = {}) {
      const body = method === "GET" ? undefined : given;
      const isJson = body !== undefined && !(body instanceof Uint8Array);
      const response = await fetch(`${served.url}${path}`, {
        method,
        redirect: "manual",
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(isJson ? { "content-type": "application/json" } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : (body as Uint8Array<ArrayBuffer>) }),
      });
      const text = await response.text();
      const isAnswerJson = /json/.test(response.headers.get("content-type") ?? "");
      return { status: response.status, headers: response.headers, body: isAnswerJson ? JSON.parse(text) : text };
    },
    async finish(taskId, outputs, lines = []) {
      const attempt = await store.tasks.begin(taskId, { worker: "test" });
      if (attempt === undefined) throw new Error("the task could not begin");
      await store.tasks.log(
        attempt.token,
        lines.map((line) => ({ timeMs: world.clock.nowMs, stream: "stdout", line })),
      );
      const written = [];
      for (const [path, content] of Object.entries(outputs)) {
        const file = join(dir, `${taskId}-${path.replaceAll("/", "-")}`);
        await writeFile(file, content);
        const { uri, sizeBytes, etag } = await data.stat(pathToFileURL(file));
        written.push({ path, uri, sizeBytes: sizeBytes ?? 0, etag: etag ?? "" });
      }
      await store.tasks.end(attempt.token, { state: "done", outputs: written });
    },
    async close() {
      for (const each of others) await each.close();
      await world.close();
      await data.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
