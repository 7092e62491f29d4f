/** Answers of services of jobs: their JSON, or an error with the service's own words. */
import type { ServiceAnswer } from "../../depot/index.ts";
import { EntrepotError, type ErrorCode, redact } from "../../error/index.ts";

const longestWords = 300;

export type Fields = Readonly<Record<string, unknown>>;

/** The object that an answer is. Errors: protocol; else by `codeOf`, else by the status. */
export function answered(
  service: string,
  { status, text, headers }: ServiceAnswer,
  codeOf: (fields: Fields, headers: ServiceAnswer["headers"]) => ErrorCode | undefined = () => undefined,
): Fields {
  const fields = objectOf(text);
  if (status >= 200 && status < 300) {
    if (fields !== undefined) return fields;
    throw new EntrepotError("protocol", `${service} answered what is no JSON object`, {
      hint: "what answers there is another service: check the address",
    });
  }
  const code = codeOf(fields ?? {}, headers) ?? codeOfStatus(status);
  const message = fields?.["message"] ?? fields?.["Message"];
  const said = typeof message === "string" ? `: ${redact(message).slice(0, longestWords)}` : "";
  throw new EntrepotError(code, `${service} answered ${status}${said}`);
}

function objectOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  if (status === 408) return "timeout";
  if (status === 409) return "already-exists";
  if (status === 429) return "throttled";
  if (status >= 500) return "server-error";
  return "misconfigured";
}

/** The field, where it is an object. */
export function objectIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The field, where it is text. */
export function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
