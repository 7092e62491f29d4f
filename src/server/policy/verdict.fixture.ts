/** Asks a policy of statements one question. */
import { evaluate, type Question } from "./evaluate.ts";
import { parsePolicy } from "./parse-policy.ts";
import { userArn } from "./parse-principals.ts";

const bucket = "amzn-s3-demo-bucket";
export const bucketArn: string = `arn:aws:s3:::${bucket}`;
export const objects: string = `${bucketArn}/*`;
export const alice: string = userArn("alice");
export const bob: string = userArn("bob");

export type Rule = Readonly<Record<string, unknown>>;
export type Values = Readonly<Record<string, string | readonly string[]>>;

export function verdict(
  rules: readonly Rule[],
  question: Partial<Question>,
  values: Values = {},
  version = "2012-10-17",
): string {
  const text = JSON.stringify({ Version: version, Statement: rules });
  const { principal = alice } = "principal" in question ? { principal: question.principal ?? "" } : {};
  const known: Values = { ...(principal.includes(":user/") ? { "aws:username": nameOf(principal) } : {}), ...values };
  return evaluate(
    parsePolicy(text, bucket, () => true),
    {
      principal: alice,
      action: "s3:getobject",
      resource: `${bucketArn}/k`,
      context: (key) => (known[key] === undefined ? undefined : [known[key]].flat()),
      ...question,
    },
  );
}

const nameOf = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

export const allow = (more: Rule): Rule => ({
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: objects,
  ...more,
});
export const deny = (more: Rule): Rule => ({
  ...allow({ Action: "s3:*", Resource: [bucketArn, objects] }),
  Effect: "Deny",
  ...more,
});
export const when = (operator: string, key: string, value: unknown): Rule => ({
  Condition: { [operator]: { [key]: value } },
});
