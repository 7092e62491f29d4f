/** Whether a request is meant for this server and comes from its own page: against DNS rebinding and forged requests. */
import { Refusal } from "../api/problem.ts";

/** Refusal 421 for a `Host` that is none of ours: another name that was made to lead here. */
export function checkHost(request: Request, hosts: ReadonlySet<string>): void {
  const host = request.headers.get("host")?.toLowerCase();
  if (host !== undefined && hosts.has(host)) return;
  throw new Refusal(421, "forbidden", "this server does not answer to that name", "--origin names the one it has");
}

/**
 * Refusal 403 for what another site's page sent: of another `Origin`, or as the browser says so. What a program sends bears neither.
 * Another port of this machine is another site, though its cookies are the same.
 */
export function checkOrigin(request: Request, origins: ReadonlySet<string>): void {
  const origin = request.headers.get("origin")?.toLowerCase();
  const site = request.headers.get("sec-fetch-site")?.toLowerCase();
  const isForeign =
    (origin !== undefined && !origins.has(origin)) || (site !== undefined && site !== "same-origin" && site !== "none");
  if (isForeign) throw new Refusal(403, "forbidden", "a page of another site may not ask this", "use the page itself");
}

/** Refusal 403 for a change that only a cookie speaks for and that does not say which page it comes from. */
export function checkOriginSaid(request: Request): void {
  if (request.method === "GET" || request.headers.has("origin")) return;
  if (request.headers.get("sec-fetch-site") === "same-origin") return;
  throw new Refusal(403, "forbidden", "a change by a cookie says its Origin", "programs use a token instead");
}
