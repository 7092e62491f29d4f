/** The table of operations and the page behind one function of a request: routed by hono, guarded before anything is looked at. */
import { randomBytes } from "node:crypto";
import { Hono } from "hono";
import { answer } from "./answer.ts";
import { openApi } from "./api/openapi.ts";
import { internalProblem, type Problem, problemOf, problemResponse, Refusal } from "./api/problem.ts";
import type { Route, World } from "./api/route.ts";
import { checkHost, checkOrigin } from "./guard/own-origin.ts";
import type { Arrival } from "./listen.ts";
import type { PageFile } from "./page-files.ts";
import { apiRoutes } from "./routes/all.ts";
import { shownPath } from "./shown-path.ts";

/** What became of a request: nothing of its query, headers or body, which may hold secrets. */
export interface ServedRequest {
  /** That of the answer's header `X-Request-Id`, and of what `onInternalError` is told. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** 499: whoever asked went away before there was an answer. */
  readonly status: number;
  /** Until the answer began. */
  readonly ms: number;
  /** The name of the token or of the session; `nobody`. */
  readonly caller: string;
}

export interface AppSettings {
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  readonly cookieName: string;
  readonly version: string;
  readonly pageFile: (path: string) => Promise<PageFile | undefined>;
  readonly now: () => number;
  readonly log: ((request: ServedRequest) => void) | undefined;
  readonly onInternalError: ((error: unknown, requestId: string) => void) | undefined;
}

const base = "/api/v1";

export function openApp(
  world: World,
  settings: AppSettings,
): (request: Request, arrival: Arrival) => Promise<Response> {
  const callers = new WeakMap<Request, string>();
  const ids = new WeakMap<Request, string>();
  const idOf = (request: Request): string => ids.get(request) ?? "none";
  const isGone = ({ signal }: Request, error: unknown): boolean =>
    [signal, world.closing].some(({ aborted, reason }) => aborted && (error === reason || isAbort(error)));
  const app = new Hono<{ Bindings: Arrival }>({ strict: true });
  app.use(async ({ req: { raw } }, next) => {
    checkHost(raw, settings.hosts);
    const { pathname } = new URL(raw.url);
    if (pathname.startsWith("/api/")) checkOrigin(raw, settings.origins);
    // its body would be made and never read
    if (raw.method === "HEAD" && pathname.startsWith("/api/")) throw notAllowed("GET");
    await next();
  });
  const document = JSON.stringify(openApi(apiRoutes, settings.version, settings.cookieName));
  app.get("/api/openapi.json", () => new Response(document, { headers: { "Content-Type": "application/json" } }));
  for (const route of apiRoutes)
    app.on(route.method, honoPath(route), (context) =>
      answer(route, world, {
        request: context.req.raw,
        arrival: context.env,
        path: context.req.param() as Record<string, string>,
        cookieName: settings.cookieName,
        onCaller: (name) => callers.set(context.req.raw, name),
      }).catch((error: unknown) =>
        isGone(context.req.raw, error)
          ? unheard()
          : failed(error, idOf(context.req.raw), settings, route.reachesBuckets),
      ),
    );
  for (const at of new Set(apiRoutes.map(honoPath))) app.all(at, () => Promise.reject(notAllowed(methodsOf(at))));
  app.get("*", async (context) => {
    const file = await settings.pageFile(context.req.path);
    if (file === undefined) throw new Refusal(404, "not-found", "there is nothing at this address");
    return new Response(file.bytes, { headers: { "Content-Type": file.type } });
  });
  app.notFound(({ req: { raw } }) =>
    failed(new Refusal(404, "not-found", "there is nothing at this address"), idOf(raw), settings),
  );
  app.onError((error, { req: { raw } }) => failed(error, idOf(raw), settings));
  return async (request, arrival) => {
    const beginMs = settings.now();
    const id = newRequestId();
    ids.set(request, id);
    const response = guarded(await app.fetch(request, arrival), id);
    settings.log?.({
      id,
      method: request.method,
      path: shownPath(new URL(request.url).pathname),
      status: response.status,
      ms: settings.now() - beginMs,
      caller: callers.get(request) ?? "nobody",
    });
    return response;
  };
}

/** For the log alone: nobody is there any more, which is no failure of ours. */
function unheard(): Response {
  return new Response(null, { status: 499 });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function newRequestId(): string {
  return randomBytes(6).toString("hex");
}

function failed(error: unknown, requestId: string, { onInternalError }: AppSettings, reachesBuckets = false): Response {
  const known = problemOf(error, reachesBuckets);
  if (known === undefined) onInternalError?.(error, requestId);
  const problem: Problem = known ?? internalProblem(requestId);
  const headers: Record<string, string> = {};
  if (problem.status === 429 || problem.status === 503) headers["Retry-After"] = "5";
  if (problem.status === 401) headers["WWW-Authenticate"] = "Bearer";
  if (error instanceof Refusal && problem.status === 405 && error.hint !== undefined) headers["Allow"] = error.hint;
  return problemResponse(problem, headers);
}

/** What holds for every answer; what is stricter already stays. */
function guarded(response: Response, requestId: string): Response {
  const headers = new Headers(response.headers);
  headers.set("X-Request-Id", requestId);
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("X-Frame-Options", "DENY");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cache-Control", "no-store");
  if (!headers.has("Content-Security-Policy"))
    headers.set(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  return new Response(response.body, { status: response.status, headers });
}

function honoPath({ at }: Route): string {
  return base + at.replace(/\{(\w+)\}/g, ":$1");
}

function methodsOf(at: string): string {
  return apiRoutes.flatMap((route) => (honoPath(route) === at ? [route.method] : [])).join(", ");
}

function notAllowed(methods: string): Refusal {
  return new Refusal(405, "unsupported", "that is no method of this address", methods);
}
