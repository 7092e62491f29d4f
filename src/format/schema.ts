/** Values held against a schema of anyone's making, by the interface of https://standardschema.dev. */
import { EntrepotError } from "../error/index.ts";

/** Any Standard Schema: zod, valibot, arktype and others. */
export interface StandardSchema<In = unknown, Out = In> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: In; readonly output: Out } | undefined;
  };
}

/** Issues that a message lists; of more it gives the number. */
const maxListed = 10;

/**
 * What the schema makes of the value. Error: malformed, with the path and message of every issue. A schema that throws is not
 * caught; `TypeError` for what is no Standard Schema.
 */
export async function validated(
  value: unknown,
  schema: StandardSchema,
  options: { readonly uri?: string | undefined } = {},
): Promise<unknown> {
  const standard = schema?.["~standard"];
  if (typeof standard?.validate !== "function")
    throw new TypeError("a schema has ~standard.validate: see standardschema.dev");
  const result = await standard.validate(value);
  if (typeof result !== "object" || result === null)
    throw new TypeError(`the schema of ${standard.vendor} gave no result`);
  if ("issues" in result && result.issues !== undefined) {
    const issues = Array.isArray(result.issues) ? result.issues.map(issueText) : [String(result.issues)];
    const listed = issues.slice(0, maxListed).join("; ");
    const more = issues.length > maxListed ? `; and ${issues.length - maxListed} more` : "";
    throw new EntrepotError("malformed", `the value does not fit its schema: ${listed}${more}`, {
      uri: options.uri,
      hint: "mend the data, or the schema",
    });
  }
  if (!("value" in result)) throw new TypeError(`the schema of ${standard.vendor} gave neither a value nor issues`);
  return result.value;
}

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

function issueText(issue: Issue): string {
  const path = (issue.path ?? []).map((step) => String(typeof step === "object" ? step.key : step)).join(".");
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}
