/** What to do about an error whose maker knew no better: the hint of last resort, by its cause. */
import { type EntrepotError, type ErrorCode, errorAdvice, isMissingBucket } from "../error/index.ts";
import { inFlags } from "./in-flags.ts";

/** Where only a proxy leads out. */
const viaProxy = "where only a proxy leads out, name it in HTTPS_PROXY";

const waysOut: Readonly<Partial<Record<ErrorCode, string>>> = {
  "not-found": "keys are case-sensitive and taken literally; entrepot ls the folder above it shows what is there",
  forbidden:
    "use another --profile, ask for the permission, or --anonymous if it is public; entrepot doctor says who you are",
  unauthenticated:
    "check the key, the clock and the region, or --anonymous if it is public; entrepot doctor says who you are",
  unreachable: `check the endpoint and the network; ${viaProxy}; --offline reads local copies`,
  timeout: `try again, check the network; ${viaProxy}; --offline reads local copies`,
  "not-cached": "go online once, or drop --offline",
  throttled: "try again later, or with fewer at once: ENTREPOT_CONCURRENCY=4",
  "no-space": "free some room; entrepot cache prune --max-bytes 1GB gives back what local copies take",
  misconfigured: "entrepot doctor shows each setting and who decided it",
};

/**
 * A hint in the words of the command line. The library's general advice speaks of options of calls, so ours comes before it;
 * what a particular failure knows comes before both.
 */
export function wayOut(code: ErrorCode | undefined, hint: string | undefined): string | undefined {
  const isGeneral = hint === undefined || (code !== undefined && hint === errorAdvice[code]);
  const best = isGeneral && code !== undefined ? (waysOut[code] ?? hint) : hint;
  return best === undefined ? undefined : inFlags(best);
}

/** What a missing thing's name or the server's word says of the likeliest mistake; `undefined` for every other error. */
export function missingWayOut(error: EntrepotError): string | undefined {
  const { code, uri = "" } = error;
  if (code !== "not-found") return undefined;
  if (isMissingBucket(error)) return "check the bucket's name and the endpoint; entrepot ls s3:// lists the buckets";
  const [name = ""] = uri.split("?versionId=");
  if (/^https?:/i.test(name) || !/[*?[{]|%(?:2A|3F|5B|7B)/i.test(name)) return undefined;
  return "names are taken literally; with --glob, cat, cp, du, ls, mv, rm and table take them for patterns";
}
