/** What a request may hold, said once: as JSON Schema for the OpenAPI document, and as what reads it. Objects are closed. */
import { shownValue } from "../../../error/index.ts";
import { Refusal } from "./problem.ts";

/** JSON Schema 2020-12, as far as it is used here. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

export interface Shape<T> {
  readonly schema: JsonSchema;
  readonly isOptional: boolean;
  /** The value, checked. Refusal 400 that names `at`. */
  read(value: unknown, at: string): T;
}

export type Fields = Readonly<Record<string, Shape<unknown>>>;
export type TypeOf<S> = S extends Shape<infer T> ? T : never;
export type ObjectOf<F extends Fields> = { readonly [K in keyof F]: TypeOf<F[K]> };

/** How deep JSON may be nested: what goes through it once more is recursive. */
const deepest = 64;

export function text({
  min = 0,
  max,
  pattern,
}: {
  readonly min?: number;
  readonly max: number;
  readonly pattern?: string;
}): Shape<string> {
  const test = pattern === undefined ? undefined : new RegExp(pattern, "u");
  return shape(
    { type: "string", minLength: min, maxLength: max, ...(pattern === undefined ? {} : { pattern }) },
    (value, at) => {
      if (typeof value !== "string") throw misfit(at, "text", value);
      // characters, as JSON Schema counts them; no text of more units is asked for more than that
      if (value.length > max * 2 || [...value].length > max || [...value].length < min)
        throw unfitting(`${at} has from ${min} to ${max} characters`);
      if (test?.test(value) === false) throw unfitting(`${at} does not match ${pattern}`);
      return value;
    },
  );
}

export function whole(min: number, max: number): Shape<number> {
  return shape({ type: "integer", minimum: min, maximum: max }, (value, at) => {
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    throw misfit(at, `a whole number from ${min} to ${max}`, value);
  });
}

export const decimal: Shape<number> = shape({ type: "number" }, (value, at) => {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw misfit(at, "a number", value);
});

export const flag: Shape<boolean> = shape({ type: "boolean" }, (value, at) => {
  if (typeof value === "boolean") return value;
  throw misfit(at, "true or false", value);
});

export function choice<const T extends string>(of: readonly T[]): Shape<T> {
  return shape({ type: "string", enum: of }, (value, at) => {
    const found = of.find((each) => each === value);
    if (found !== undefined) return found;
    throw misfit(at, `one of ${of.join(", ")}`, value);
  });
}

export function list<T>(
  of: Shape<T>,
  { min = 0, max }: { readonly min?: number; readonly max: number },
): Shape<readonly T[]> {
  return shape({ type: "array", items: of.schema, minItems: min, maxItems: max }, (value, at) => {
    if (!Array.isArray(value)) throw misfit(at, "a list", value);
    if (value.length < min || value.length > max) throw unfitting(`${at} must have from ${min} to ${max} elements`);
    return value.map((each, index) => of.read(each, `${at}[${index}]`));
  });
}

/** Closed: a name that is not one of these is refused. */
export function object<const F extends Fields>(fields: F): Shape<ObjectOf<F>> {
  const names = Object.entries(fields);
  const required = names.filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  const schema = {
    type: "object",
    properties: Object.fromEntries(names.map(([name, { schema }]) => [name, schema])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
  return shape(schema, (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw misfit(at, "an object", value);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined)
      throw unfitting(`${at} has no ${JSON.stringify(unknown.slice(0, 100))}: ${Object.keys(fields).join(", ")}`);
    const given = value as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      names.map(([name, each]) => {
        const own = Object.hasOwn(given, name) ? given[name] : undefined;
        if (own === undefined && !each.isOptional) throw unfitting(`${at} needs ${JSON.stringify(name)}`);
        return [name, own === undefined ? undefined : each.read(own, `${at}.${name}`)];
      }),
    ) as ObjectOf<F>;
  });
}

/** An object of any names, whose values are of one shape. */
export function record<T>(of: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return shape({ type: "object", additionalProperties: of.schema }, (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw misfit(at, "an object", value);
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, of.read(each, `${at}.${name}`)]));
  });
}

/** Any JSON, as it is, nested at most 64 deep. */
export const json: Shape<unknown> = shape({}, (value, at) => {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) throw unfitting(`${at} is nested more than ${deepest} deep`);
    level = level.flatMap((each) => (typeof each === "object" && each !== null ? Object.values(each) : []));
  }
  return value;
});

export function optional<T>(of: Shape<T>): Shape<T | undefined> {
  return { ...of, isOptional: true };
}

/** With words for the document. */
export function described<T>(description: string, of: Shape<T>): Shape<T> {
  return { ...of, schema: { ...of.schema, description } };
}

/** What a query or a path holds as text, as the schema means it. */
export function fromText(value: string, { type }: JsonSchema): unknown {
  if (type === "integer") return /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  if (type === "boolean") return value === "true" || (value === "false" ? false : value);
  return value;
}

function shape<T>(schema: JsonSchema, read: Shape<T>["read"]): Shape<T> {
  return { schema, read, isOptional: false };
}

function misfit(at: string, wanted: string, value: unknown): Refusal {
  return unfitting(`${at} must be ${wanted}, not ${Array.isArray(value) ? "a list" : shownValue(value)}`);
}

function unfitting(why: string): Refusal {
  return new Refusal(400, "invalid-request", why);
}
