/** The Condition of a statement: operators that IAM has, keys that S3 has – and has for the statement's actions. */
import { s3Error } from "../errors.ts";
import { hasConditionKey, isConditionKey, type KnownAction } from "./action-catalog.ts";
import { acceptsValue, isOperator } from "./condition.ts";
import type { Condition } from "./policy.ts";

/** `applicable` are the actions that each pattern of the statement means. Error: MalformedPolicy. */
export function parseConditions(value: unknown, applicable: readonly (readonly KnownAction[])[]): readonly Condition[] {
  return entriesOf(value).flatMap(([written, keys]) => {
    const operator = parseOperator(written);
    return entriesOf(keys).map(([name, given]) => {
      const key = name.toLowerCase();
      if (!isConditionKey(key)) throw malformed("Policy has an invalid condition key");
      if (!applicable.every((actions) => actions.some((action) => hasConditionKey(action, key)))) {
        throw malformed("Conditions do not apply to combination of actions and resources in statement");
      }
      const values = valuesOf(given);
      const wrong = values.find((one) => !acceptsValue(operator.operator, one));
      if (wrong !== undefined) {
        const isAddress = operator.operator.endsWith("IpAddress");
        throw malformed(isAddress ? "Invalid IP address in Conditions" : `Invalid value in Conditions: ${wrong}`);
      }
      return { ...operator, key, values };
    });
  });
}

/** Names have a case: S3 refuses `stringEquals`. */
function parseOperator(written: string): Pick<Condition, "operator" | "ifExists" | "quantifier"> {
  const [, quantifier, name = ""] = /^(?:(ForAnyValue|ForAllValues):)?(.*)$/s.exec(written) ?? [];
  const ifExists = name.endsWith("IfExists") && name !== "NullIfExists";
  const operator = ifExists ? name.slice(0, -"IfExists".length) : name;
  if (!isOperator(operator)) throw malformed(`Invalid Condition type : ${written}`);
  return { operator, ifExists, quantifier: quantifier as Condition["quantifier"] };
}

/** Numbers and truth values may stand without quotes. */
function valuesOf(given: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(given) ? given : [given];
  return values.map((one) => {
    if (typeof one === "string" || typeof one === "boolean" || typeof one === "number") return String(one);
    throw malformed("Invalid policy syntax.");
  });
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw malformed("Invalid policy syntax.");
}

function malformed(message: string): Error {
  return s3Error("MalformedPolicy", { message });
}
