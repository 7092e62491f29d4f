/** What doctor finds: plain values, shown by the command line as text and as JSON. Never a secret. */
import type { ErrorCode } from "../error/index.ts";

export interface Finding {
  /** E.g. `"cache.dir"`, `"GET s3://bucket/key"`. */
  readonly name: string;
  readonly value: string;
  /** Who decided or where it was seen, e.g. `"environment AWS_REGION"`; `undefined` where nobody had to. */
  readonly source: string | undefined;
  /** `"note"`: works, but worth knowing. `"problem"`: something will fail. */
  readonly status: "ok" | "note" | "problem";
  /** The way out. */
  readonly hint: string | undefined;
  /** Why it fails, where that is known. */
  readonly code: ErrorCode | undefined;
}

/** A finding of which only the uncommon parts are said. */
export function finding(
  name: string,
  value: string,
  rest: Partial<Pick<Finding, "source" | "status" | "hint" | "code">> = {},
): Finding {
  return { name, value, source: rest.source, status: rest.status ?? "ok", hint: rest.hint, code: rest.code };
}

/** An error as a finding: its message, its hint, its code. */
export function problem(name: string, error: unknown): Finding {
  const { message, hint, code } = error as { message?: string; hint?: string; code?: ErrorCode };
  const isOurs = error instanceof Error && error.name === "EntrepotError";
  return finding(name, message ?? String(error), {
    status: "problem",
    hint: isOurs ? hint : undefined,
    code: isOurs ? code : undefined,
  });
}
