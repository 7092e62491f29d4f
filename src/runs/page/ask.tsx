/** Questions to the API that this page came from. The session speaks for them; no other site is ever asked. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

/** An event of the window: the session has ended, or there was none. */
export const signedOut = "signed-out";

/** What the API refused, in its words. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.hint === undefined ? problem.detail : `${problem.detail} – ${problem.hint}`);
    this.problem = problem;
  }
}

type Query = Readonly<Record<string, string | number | undefined>>;

export function address(path: readonly string[], query: Query = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  const asked = new URLSearchParams(pairs).toString();
  return `/api/v1/${path.map(encodeURIComponent).join("/")}${asked === "" ? "" : `?${asked}`}`;
}

export async function ask<T>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  at: string,
  body?: unknown,
  ifMatch?: string,
): Promise<T> {
  const isBytes = body instanceof Blob;
  const headers = new Headers();
  if (body !== undefined) headers.set("Content-Type", isBytes ? "application/octet-stream" : "application/json");
  if (ifMatch !== undefined) headers.set("If-Match", `"${ifMatch}"`);
  const answer = await fetched(at, {
    method,
    headers,
    ...(body === undefined ? {} : { body: isBytes ? body : JSON.stringify(body) }),
  });
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** A text, and what `If-Match` takes for it. */
export interface HeldText {
  readonly text: string;
  readonly etag: string;
}

export async function readFileText(at: string): Promise<HeldText> {
  const answer = await fetched(at);
  // a byte order mark is part of what is edited
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(await answer.arrayBuffer());
  return { text, etag: answer.headers.get("etag")?.replaceAll('"', "") ?? "" };
}

async function fetched(at: string, request?: RequestInit): Promise<Response> {
  const answer = await fetch(at, request).catch(() => {
    throw new Refused({
      status: 0,
      code: "unreachable",
      detail: "the server does not answer",
      hint: "is entrepot runs serve still running?",
    });
  });
  if (answer.status === 401) dispatchEvent(new Event(signedOut));
  if (!answer.ok) throw new Refused(await problemOf(answer));
  return answer;
}

async function problemOf(answer: Response): Promise<Problem> {
  const isProblem = answer.headers.get("content-type")?.includes("problem+json") === true;
  if (isProblem) return (await answer.json()) as Problem;
  return { status: answer.status, code: "protocol", detail: `the server answered ${answer.status}` };
}
