/**
 * Reads a bucket's policy and refuses what S3 refuses, with its words, which no page of AWS lists: they are known from
 * the reports of those who met them. The first fault is the answer.
 */
import { s3Error } from "../errors.ts";
import { knownActions } from "./action-catalog.ts";
import { parseConditions } from "./parse-conditions.ts";
import { parsePrincipals } from "./parse-principals.ts";
import type { Policy, Selection, Statement } from "./policy.ts";
import { matchesPattern } from "./wildcard.ts";

/** Of the document without the white space between its parts. */
const maxBytes = 20 * 1024;

const arnPrefix = "arn:aws:s3:::";
const topFields: ReadonlySet<string> = new Set(["Version", "Id", "Statement"]);
const pairs = ["Principal", "Action", "Resource"] as const;
const fields: ReadonlySet<string> = new Set([
  ...["Sid", "Effect", "Condition"],
  ...pairs.flatMap((name) => [name, `Not${name}`]),
]);

/** `isUser` knows the users of this account: others cannot be named. Error: MalformedPolicy. */
export function parsePolicy(text: string, bucket: string, isUser: (name: string) => boolean): Policy {
  if (!text.startsWith("{")) throw malformed("Policies must be valid JSON and the first byte must be '{'");
  const document = parseJson(text);
  if (Buffer.byteLength(JSON.stringify(document)) > maxBytes) {
    throw malformed(`Normalized policy document exceeds the maximum allowed size of ${maxBytes} bytes`);
  }
  refuseUnknown(document, topFields);
  const { Version: version = "2008-10-17", Id: id = "", Statement: statement } = document;
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    throw malformed("The policy must contain a valid version string");
  }
  if (typeof id !== "string") throw malformed("Invalid policy syntax.");
  if (statement === undefined) throw malformed("Missing required field Statement");
  const statements = Array.isArray(statement) ? (statement as readonly unknown[]) : [statement];
  if (statements.length === 0) throw malformed("Could not parse the policy: Statement is empty!");
  const sids = statements.flatMap((one) => (isObject(one) && one["Sid"] !== undefined ? [one["Sid"]] : []));
  if (new Set(sids).size < sids.length) throw malformed("The Statement Ids in the policy are not unique");
  return {
    variables: version === "2012-10-17",
    statements: statements.map((one) => parseStatement(one, bucket, isUser)),
  };
}

function parseStatement(value: unknown, bucket: string, isUser: (name: string) => boolean): Statement {
  if (!isObject(value)) throw malformed("Invalid policy syntax.");
  refuseUnknown(value, fields);
  const { Sid: sid = "", Effect: effect, Condition: condition } = value;
  if (typeof sid !== "string") throw malformed("Invalid policy syntax.");
  if (effect === undefined) throw malformed("Missing required field Effect");
  if (effect !== "Allow" && effect !== "Deny") throw malformed(`Invalid effect: ${String(effect)}`);
  for (const name of pairs) {
    if (value[name] !== undefined && value[`Not${name}`] !== undefined) throw malformed("Invalid policy syntax.");
    if (value[name] === undefined && value[`Not${name}`] === undefined) {
      throw malformed(`Missing required field ${name}`);
    }
  }
  if (effect === "Allow" && value["NotPrincipal"] !== undefined) {
    throw malformed("Allow with NotPrincipal is not allowed.");
  }
  const principals = parsePrincipals(value["Principal"] ?? value["NotPrincipal"], isUser);
  const actions = lowered(selection(value, "Action"));
  for (const pattern of actions.patterns) {
    if (!knownActions.some(({ name }) => matchesPattern(pattern, name))) throw malformed("Policy has invalid action");
  }
  const resources = selection(value, "Resource");
  if (resources.patterns.length === 0 || !resources.patterns.every((one) => isOfBucket(one, bucket))) {
    throw malformed("Policy has invalid resource");
  }
  const applicable = applicableActions(actions, resources);
  return {
    effect,
    principals: { ...principals, except: value["NotPrincipal"] !== undefined },
    actions,
    resources,
    conditions: condition === undefined ? [] : parseConditions(condition, applicable),
  };
}

/** For each pattern the actions that it means and that have one of the resources. Error: MalformedPolicy. */
function applicableActions(actions: Selection, resources: Selection): readonly (readonly (typeof knownActions)[0][])[] {
  const reached = knownActions.filter(({ on }) => on !== "nothing" && (resources.except || reaches(resources, on)));
  if (actions.except) return [reached];
  return actions.patterns.map((pattern) => {
    const meant = reached.filter(({ name }) => matchesPattern(pattern, name));
    if (meant.length === 0) throw malformed("Action does not apply to any resource(s) in statement");
    return meant;
  });
}

function selection(statement: Readonly<Record<string, unknown>>, name: "Action" | "Resource"): Selection {
  const except = statement[name] === undefined;
  return { except, patterns: texts(except ? statement[`Not${name}`] : statement[name]) };
}

/** `*` alone means all of S3; names of actions have no case. */
function lowered({ except, patterns }: Selection): Selection {
  return { except, patterns: patterns.map((one) => (one === "*" ? "s3:*" : one.toLowerCase())) };
}

/** One text is as good as an array of one. */
function texts(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!all.every((one) => typeof one === "string")) throw malformed("Invalid policy syntax.");
  return all;
}

/** Not even `*` is one: a bucket's policy speaks of this bucket. */
function isOfBucket(resource: string, bucket: string): boolean {
  const named = resource.slice(arnPrefix.length).split("/", 1)[0] ?? "";
  if (!resource.startsWith(arnPrefix) || named === "") return false;
  return named.includes("${") || matchesPattern(named, bucket);
}

function reaches(resources: Selection, on: "bucket" | "object"): boolean {
  const names = resources.patterns.map((one) => one.slice(arnPrefix.length));
  return names.some((name) => (on === "bucket" ? !name.includes("/") : name.includes("/") || name.includes("*")));
}

function refuseUnknown(value: object, known: ReadonlySet<string>): void {
  const stranger = Object.keys(value).find((name) => !known.has(name));
  if (stranger !== undefined) throw malformed(`Unknown field ${stranger}`);
}

function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    throw malformed("This policy contains invalid Json");
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function malformed(message: string): Error {
  return s3Error("MalformedPolicy", { message });
}
