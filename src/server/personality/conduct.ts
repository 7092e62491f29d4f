/** A personality's behaviours put together, each kind of hook in one chain. There is none for a server that is as AWS is. */
import type { Answer } from "../answer.ts";
import type { Caller } from "../auth/caller.ts";
import type { AuthSettings } from "../auth/credentials.ts";
import { S3Error } from "../errors.ts";
import type { IncomingRequest } from "../request/incoming-request.ts";
import type { Storage } from "../storage/storage.ts";
import type { ErrorElement, Hooks, Leave, Personality } from "./personality.ts";

export class Conduct {
  readonly allows: ReadonlySet<Leave>;
  readonly #hooks: readonly Hooks[];
  readonly #sends: Readonly<Record<string, string>>;

  constructor(behaviours: readonly Hooks[]) {
    this.#hooks = behaviours;
    this.allows = new Set(behaviours.flatMap(({ allows }) => (allows === undefined ? [] : [allows])));
    this.#sends = Object.assign({}, ...behaviours.map(({ sends }) => sends));
  }

  arrives(request: IncomingRequest): IncomingRequest {
    return this.#hooks.reduce((seen, { arrives }) => arrives?.(seen) ?? seen, request);
  }

  authenticates(request: IncomingRequest, settings: AuthSettings): Caller | undefined {
    for (const { authenticates } of this.#hooks) {
      const caller = authenticates?.(request, settings);
      if (caller !== undefined) return caller;
    }
    return undefined;
  }

  admits(request: IncomingRequest, operation: string): IncomingRequest {
    return this.#hooks.reduce((seen, { admits }) => admits?.(seen, operation) ?? seen, request);
  }

  stores(storage: Storage): Storage {
    return this.#hooks.reduce((seen, { stores }) => stores?.(seen) ?? seen, storage);
  }

  answers(answer: Answer, operation: string): Answer {
    const changed = this.#hooks.reduce((seen, { answers }) => answers?.(seen, operation) ?? seen, answer);
    return this.#signed(changed);
  }

  /** The refusal as this store puts it; an answer where it sees nothing to refuse. */
  refuses(error: S3Error, operation: string | undefined, request: IncomingRequest): S3Error | Answer {
    let seen = error;
    for (const { refuses } of this.#hooks) {
      const said = refuses?.(seen, operation, request) ?? seen;
      if (!(said instanceof S3Error)) return this.#signed(said);
      seen = said;
    }
    const headers = { ...seen.headers, ...this.#sends };
    return new S3Error(seen.code, seen.status, seen.message, { details: seen.details, headers });
  }

  describes(elements: readonly ErrorElement[], request: IncomingRequest): readonly ErrorElement[] {
    return this.#hooks.reduce((seen, { describes }) => describes?.(seen, request) ?? seen, elements);
  }

  #signed(answer: Answer): Answer {
    return { ...answer, headers: { ...answer.headers, ...this.#sends } };
  }
}

/** Undefined for one without hooks, which costs nothing. */
export function conductOf({ behaviours }: Personality): Conduct | undefined {
  const texts: ReadonlySet<string> = new Set(["id", "says", "source"]);
  const acting = behaviours.filter((one) => Object.keys(one).some((name) => !texts.has(name)));
  return acting.length === 0 ? undefined : new Conduct(acting);
}
