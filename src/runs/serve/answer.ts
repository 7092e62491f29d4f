/** One request to one operation: who asks, may that one, is it what the operation takes; only then is anything done. */

import type { RunRecord } from "../store/index.ts";
import { Refusal } from "./api/problem.ts";
import type { Route, World } from "./api/route.ts";
import { type Fields, fromText, object } from "./api/shape.ts";
import { callerOf, checkAllModels, checkModel, checkRole } from "./guard/caller.ts";
import { checkOriginSaid } from "./guard/own-origin.ts";
import { bodyOf } from "./guard/read-body.ts";
import type { Arrival } from "./listen.ts";

export interface Asked {
  readonly request: Request;
  readonly arrival: Arrival;
  /** Decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly cookieName: string;
  /** Told who asks, as soon as that is known. */
  readonly onCaller: (name: string) => void;
}

export async function answer(route: Route, world: World, asked: Asked): Promise<Response> {
  const { request } = asked;
  const caller = await callerOf(request, world, asked.cookieName);
  asked.onCaller(caller.name);
  if (caller.session !== undefined) checkOriginSaid(request);
  checkRole(caller, route, world.isReadOnly);
  const path = readTexts(route.path, Object.entries(asked.path), "path");
  const query = readTexts(route.query, new URL(request.url).searchParams, "query");
  let run: RunRecord | undefined;
  if (route.scope === "all") checkAllModels(caller);
  if (route.scope === "model") checkModel(caller, path["model"] as string);
  if (route.scope === "run") {
    run = await world.store.runs.get(path["run"] as string);
    checkModel(caller, run.model, `run ${JSON.stringify(run.id)}`);
  }
  const body = await bodyOf(request, route, asked.arrival, world);
  const signal = AbortSignal.any([request.signal, world.closing]);
  const given = await route.run({ path, query, body, run: run as RunRecord, caller, request, world, signal });
  if (given instanceof Response) return given;
  if (route.answer.status === 204) return new Response(null, { status: 204 });
  return new Response(JSON.stringify(given), {
    status: route.answer.status,
    headers: { "Content-Type": "application/json", ...etagOf(route, given) },
  });
}

function etagOf({ answer: { etag } }: Route, given: unknown): Readonly<Record<string, string>> {
  return etag === undefined ? {} : { ETag: `"${(given as Readonly<Record<string, unknown>>)[etag]}"` };
}

/** Each name once. */
function readTexts(
  fields: Fields,
  given: Iterable<readonly [string, string]>,
  where: string,
): Readonly<Record<string, unknown>> {
  const texts = [...given];
  const twice = texts.find(([name], at) => texts.findIndex(([other]) => other === name) !== at);
  if (twice !== undefined) throw new Refusal(400, "invalid-request", `the ${where} says one thing twice`);
  const values = texts.map(([name, text]) => [name, fromText(text, fields[name]?.schema ?? {})] as const);
  return object(fields).read(Object.fromEntries(values), where);
}
