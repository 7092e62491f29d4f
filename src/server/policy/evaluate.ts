/**
 * What a bucket's policy says to one action on one resource: a statement that denies wins over all that allow ("Policy
 * evaluation logic"). Pure: everything that is known of the request comes in.
 */
import { holds } from "./condition.ts";
import { rootArn } from "./parse-principals.ts";
import type { Context, Policy, Principals, Selection, Statement } from "./policy.ts";
import { type Fill, matchesPattern } from "./wildcard.ts";

export interface Question {
  /** ARN of who asks; undefined for nobody known. */
  readonly principal: string | undefined;
  /** In lower case, with its prefix: `s3:getobject`. */
  readonly action: string;
  /** ARN of a bucket or an object. */
  readonly resource: string;
  readonly context: Context;
}

/** `none`: nothing in it is about this. */
export type Verdict = "allow" | "deny" | "none";

export function evaluate(policy: Policy, question: Question): Verdict {
  let verdict: Verdict = "none";
  for (const statement of policy.statements) {
    // Most need not be looked at: an Allow changes nothing once there is one.
    if (statement.effect === "Allow" && verdict === "allow") continue;
    if (!isAbout(statement, question, policy.variables)) continue;
    if (statement.effect === "Deny") return "deny";
    verdict = "allow";
  }
  return verdict;
}

function isAbout(statement: Statement, question: Question, variables: boolean): boolean {
  const { principals, actions, resources, conditions } = statement;
  const fill = variables ? (name: string) => question.context(name)?.[0] : undefined;
  return (
    selects(actions, question.action, undefined) &&
    selects(resources, question.resource, fill) &&
    concerns(principals, statement.effect, question.principal) &&
    conditions.every((condition) => holds(condition, question.context, variables))
  );
}

function selects({ except, patterns }: Selection, text: string, fill: Fill | undefined): boolean {
  return patterns.some((pattern) => matchesPattern(pattern, text, fill)) !== except;
}

/**
 * An account's ARN in an Allow only leaves it to that account's own policies whom to let in, of which there are none here;
 * in a Deny it means everyone in it. NotPrincipal spares a user only when the account is named beside him ("Specifying
 * NotPrincipal with Deny").
 */
function concerns(
  { except, everyone, arns }: Principals,
  effect: Statement["effect"],
  principal: string | undefined,
): boolean {
  if (everyone) return !except;
  if (principal === undefined) return except;
  const both = effect === "Allow" || principal === rootArn ? [principal] : [principal, rootArn];
  return except ? !both.every((arn) => arns.includes(arn)) : both.some((arn) => arns.includes(arn));
}
