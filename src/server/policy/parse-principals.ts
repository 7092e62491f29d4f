/** Whom a statement is about, reduced to ARNs of accounts and users: that is what requests here can be from. */
import { s3Error } from "../errors.ts";
import { owner } from "../operation.ts";

/** The ARN of the account, which is also that of its root. */
export const rootArn: string = `arn:aws:iam::${owner.accountId}:root`;

/** A user's ARN in this account. */
export function userArn(name: string): string {
  return `arn:aws:iam::${owner.accountId}:user/${name}`;
}

export interface NamedPrincipals {
  readonly everyone: boolean;
  readonly arns: readonly string[];
}

/** Error: MalformedPolicy. */
export function parsePrincipals(value: unknown, isUser: (name: string) => boolean): NamedPrincipals {
  if (value === "*") return { everyone: true, arns: [] };
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid();
  const kinds = Object.entries(value);
  if (kinds.length === 0) throw invalid();
  const named = kinds.flatMap(([kind, given]) => namesOf(given).map((name) => arnOf(kind, name, isUser)));
  const everyone = named.includes("*");
  // The wildcard is for whom nobody else is named.
  if (everyone && named.length > 1) throw invalid();
  return { everyone, arns: everyone ? [] : named.filter((arn) => arn !== undefined) };
}

function namesOf(given: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (names.length === 0 || !names.every((name) => typeof name === "string" && name !== "")) throw invalid();
  return names as readonly string[];
}

/** Undefined for what is right and is never anybody here. S3 asks IAM whether there is such a user: so do we, of ours. */
function arnOf(kind: string, name: string, isUser: (name: string) => boolean): string | undefined {
  if (kind === "AWS") {
    if (name === "*") return "*";
    if (/^\d{12}$/.test(name)) return `arn:aws:iam::${name}:root`;
    if (/^arn:aws:iam::\d{12}:root$/.test(name)) return name;
    const user = /^arn:aws:iam::(\d{12}):user\/(?:[!-~]+\/)?([\w+=,.@-]{1,64})$/.exec(name);
    if (user !== null) {
      if (user[1] === owner.accountId && !isUser(user[2] ?? "")) throw invalid();
      return name;
    }
    if (/^arn:aws:(?:iam::\d{12}:role|sts::\d{12}:(?:assumed-role|federated-user))\/[!-)+->@-~]+$/.test(name)) {
      return undefined;
    }
    if (/^arn:aws:iam::cloudfront:user\/CloudFront Origin Access Identity \w+$/.test(name)) return undefined;
  }
  if (kind === "CanonicalUser" && /^[0-9a-f]{64}$/.test(name)) return name === owner.id ? rootArn : undefined;
  if (kind === "Service" && /^[a-z0-9.-]+\.amazonaws\.com$/.test(name)) return undefined;
  if (kind === "Federated" && name !== "*") return undefined;
  throw invalid();
}

function invalid(): Error {
  return s3Error("MalformedPolicy", { message: "Invalid principal in policy" });
}
