/** What several answers together say that no single one does: which permission is missing, which name was meant, that no key is needed. */
import type { CallOptions, Depot } from "../depot/index.ts";
import { closest } from "../error/index.ts";
import { type Finding, finding } from "./finding.ts";

/** How many names of a folder are looked at for the one that was meant. */
const lookedAt = 1_000;

export interface AccessOptions extends Pick<CallOptions, "signal"> {
  /** What of the settings may be why. */
  readonly expectedBucketOwner?: string | undefined;
  readonly requesterPays?: boolean | undefined;
}

/** One finding at most of each kind. Asks once more where that tells: the folder for near names, the object without credentials. */
export async function accessFindings(
  depot: Depot,
  uri: string,
  answers: readonly Finding[],
  { signal, expectedBucketOwner, requesterPays }: AccessOptions,
): Promise<Finding[]> {
  const by = (name: string) => answers.find((answer) => answer.name === name);
  const [head, get, list] = [by("HEAD"), by("GET"), by("LIST")];
  const refused = answers.filter(({ code }) => code === "forbidden" || code === "unauthenticated");
  if (refused.length > 0 && uri.startsWith("s3:") && get?.status !== "ok" && (await isPublic(depot, uri, signal)))
    return [
      finding("access", "the same is given to everyone who asks without credentials", {
        status: "note",
        hint: "add --anonymous, or set ENTREPOT_ANONYMOUS=1",
      }),
    ];
  if (head?.code === "not-found" && list?.status === "ok") return nearName(depot, uri, signal);
  if (get?.code !== "forbidden" || !uri.startsWith("s3:") || isParticular(get)) return [];
  return [list?.status === "ok" ? listedNotRead(uri) : neither(uri, { expectedBucketOwner, requesterPays })];
}

/** The server's own words say already what is missing. */
function isParticular({ value, hint = "" }: Finding): boolean {
  // a proxy that refuses speaks for itself, too
  if (!/the server answered 403/.test(value)) return true;
  return /KMS|not public/.test(hint) || /AllAccessDisabled|AccountProblem/.test(value);
}

function listedNotRead(uri: string): Finding {
  return finding("access", "may list the folder, may not read the object", {
    status: "problem",
    code: "forbidden",
    hint: `ask for s3:GetObject on ${arnOf(uri)}; an object that another account wrote is that account's to give`,
  });
}

/** S3 tells none of these from the others. */
function neither(uri: string, { expectedBucketOwner, requesterPays }: AccessOptions): Finding {
  const causes = [
    ...(expectedBucketOwner === undefined
      ? []
      : [`the bucket is not that of --expected-bucket-owner ${expectedBucketOwner}`]),
    "the wrong identity (--profile)",
    `no s3:GetObject on ${arnOf(uri)}`,
    "no such object, which S3 tells only to who has s3:ListBucket",
    ...(requesterPays === true ? [] : ["a requester-pays bucket (--requester-pays)"]),
  ];
  return finding("access", "may neither read nor list, so S3 does not say whether the object is there", {
    status: "problem",
    code: "forbidden",
    hint: `in this order: ${causes.join("; ")}`,
  });
}

async function nearName(depot: Depot, uri: string, signal: AbortSignal | undefined): Promise<Finding[]> {
  const at = uri.lastIndexOf("/") + 1;
  // any short name is near to any other
  if (uri.length - at < 3) return [];
  const names: string[] = [];
  try {
    for await (const { name } of depot.list<"any">(uri.slice(0, at), { signal, kind: "any", depth: 1 }))
      if (names.push(name) >= lookedAt) break;
  } catch {
    return [];
  }
  const near = closest(uri.slice(at), names);
  if (near === undefined) return [];
  return [
    finding("access", `the folder holds ${near}`, {
      status: "note",
      hint: `did you mean ${uri.slice(0, at)}${near}? Keys are case-sensitive`,
    }),
  ];
}

async function isPublic(depot: Depot, uri: string, signal: AbortSignal | undefined): Promise<boolean> {
  const anonymous = depot.with({ anonymous: true, retries: { attempts: 1 } });
  try {
    if (uri.endsWith("/") || /^s3:\/\/[^/]*$/.test(uri)) {
      for await (const _ of anonymous.list<"any">(uri, { signal, kind: "any", depth: 1 })) break;
    } else await anonymous.readRange(uri, { start: 0, end: 1 }, { signal, cache: "bypass" });
    return true;
  } catch {
    return false;
  }
}

function arnOf(uri: string): string {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]*)\/?([^?]*)/.exec(uri) ?? [];
  return bucket.startsWith("arn:") ? `${bucket}/object/${key}` : `arn:aws:s3:::${bucket}/${key}`;
}
