/** What to do about an error whose maker knew no better: the hint of last resort, by its cause. */
import type { EntrepotError, ErrorCode } from "../error/index.ts";

/** Where only a proxy leads out, no setting of ours helps yet. */
const noProxy = "entrepot connects directly, HTTPS_PROXY is not used yet";

const waysOut: Readonly<Partial<Record<ErrorCode, string>>> = {
  "not-found": "keys are case-sensitive and taken literally; entrepot ls the folder above it shows what is there",
  forbidden:
    "use another --profile, ask for the permission, or --anonymous if it is public; entrepot doctor says who you are",
  unauthenticated:
    "check the key, the clock and the region, or --anonymous if it is public; entrepot doctor says who you are",
  unreachable: `check the endpoint and the network; ${noProxy}; --offline reads local copies`,
  timeout: `try again, check the network; ${noProxy}; --offline reads local copies`,
  "not-cached": "go online once, or drop --offline",
  throttled: "try again later, or with fewer at once: ENTREPOT_CONCURRENCY=4",
  "no-space": "free some room; entrepot cache prune --max-bytes 1GB gives back what local copies take",
  misconfigured: "entrepot doctor shows each setting and who decided it",
};

/** `undefined` for causes that leave nothing to do but what the message says. */
export function wayOut(code: ErrorCode | undefined): string | undefined {
  return code === undefined ? undefined : waysOut[code];
}

/** A name with wildcards that is missing was most likely meant as a pattern; `undefined` for every other error. */
export function patternWayOut({ code, uri = "" }: EntrepotError): string | undefined {
  const [name = ""] = uri.split("?versionId=");
  if (code !== "not-found" || /^https?:/i.test(name) || !/[*?[{]|%(?:2A|3F|5B|7B)/i.test(name)) return undefined;
  return "names are taken literally; with --glob, cat, cp, du, ls, mv and rm take them for patterns";
}
