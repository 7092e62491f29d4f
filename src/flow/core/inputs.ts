/** The values that come from outside: of the driver, of the execution, and keys of the configuration, which nodes may ask for. */
import { EntrepotError } from "../../error/index.ts";
import { issueText } from "./combine/checked.ts";
import type { FlowDefinition } from "./dataflow.ts";
import type { SchemaIssue, StandardSchema } from "./types/schema.ts";

type Named = Readonly<Record<string, unknown>>;
type Schemas = Readonly<Record<string, StandardSchema>>;

/** Throws TypeError for an input that is given twice, `malformed` with all issues for values that do not pass their schema. */
export async function inputsOf({ schema }: FlowDefinition, config: Named, held: Named, given: Named): Promise<Named> {
  const twice = Object.keys(given).filter((name) => Object.hasOwn(held, name) && given[name] !== undefined);
  if (twice.length > 0) {
    const names = twice.map((name) => `'${name}'`).join(", ");
    throw new TypeError(`the driver holds ${names} for every execution: give it in one place only`);
  }
  const inputs = present({ ...held, ...given });
  const checked = schema === undefined ? inputs : await checkedInputs(schema, inputs);
  return { ...present(config), ...checked };
}

/** Names of inputs that the flow has a schema for; `"any"` where the schema does not show them. */
export function declaredNames({ schema }: FlowDefinition): ReadonlySet<string> | "any" {
  if (schema === undefined) return new Set();
  const parts = isSchema(schema) ? partsOf(schema) : schema;
  return parts === undefined ? "any" : new Set(Object.keys(parts));
}

/** `undefined` is as good as nothing. */
function present(values: Named): Named {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

async function checkedInputs(schema: NonNullable<FlowDefinition["schema"]>, inputs: Named): Promise<Named> {
  if (!isSchema(schema)) return checkedEach(schema, inputs);
  const result = await schema["~standard"].validate(inputs);
  if (result.issues === undefined) return { ...inputs, ...(result.value as Named) };
  const isAbsent = ({ path }: SchemaIssue) => path !== undefined && path.length > 0 && !(firstOf(path) in inputs);
  const wrong = result.issues.filter((issue) => !isAbsent(issue));
  if (wrong.length > 0) throw refused(wrong.map(issueText));
  // what is missing may not be needed by these outputs: the plan says so, and the rest is checked by itself
  const parts = partsOf(schema);
  if (parts === undefined) throw refused(result.issues.map(issueText));
  return checkedEach(parts, inputs);
}

async function checkedEach(schemas: Schemas, inputs: Named): Promise<Named> {
  const values: Record<string, unknown> = { ...inputs };
  const failures: string[] = [];
  for (const [name, schema] of Object.entries(schemas)) {
    const result = await schema["~standard"].validate(inputs[name]);
    if (result.issues === undefined) {
      if (name in inputs || result.value !== undefined) values[name] = result.value;
    } else if (name in inputs)
      failures.push(...result.issues.map((issue) => issueText({ ...issue, path: [name, ...(issue.path ?? [])] })));
  }
  if (failures.length > 0) throw refused(failures);
  return values;
}

function refused(failures: readonly string[]): EntrepotError {
  const lines = failures.map((failure) => `\n  ${failure}`).join("");
  return new EntrepotError("malformed", `the inputs do not pass their schema:${lines}`, {
    hint: "give inputs as the schema of the flow wants them",
  });
}

function firstOf(path: NonNullable<SchemaIssue["path"]>): PropertyKey {
  const [first] = path;
  return typeof first === "object" ? first.key : (first as PropertyKey);
}

/** Schemas of the fields, where a schema shows them: `shape` of zod, `entries` of valibot. */
function partsOf(schema: StandardSchema): Schemas | undefined {
  const { shape, entries } = schema as { readonly shape?: unknown; readonly entries?: unknown };
  const parts = shape ?? entries;
  if (typeof parts !== "object" || parts === null) return undefined;
  return Object.values(parts).every(isSchema) ? (parts as Schemas) : undefined;
}

function isSchema(value: unknown): value is StandardSchema {
  return typeof value === "object" || typeof value === "function" ? value !== null && "~standard" in value : false;
}
