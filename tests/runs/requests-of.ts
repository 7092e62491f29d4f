/** Requests made from an OpenAPI document: what it allows, what it does not, and what no document thinks of. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly body: { readonly type: string; readonly schema: Schema } | undefined;
  readonly answer: Schema | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON Schema
export type Schema = any;

export interface Made {
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array<ArrayBuffer> | undefined;
}

const hostile: readonly unknown[] = [
  "",
  "x".repeat(5_000),
  "../../../etc/passwd",
  "..%2f..%2f",
  "a\0b",
  "\ud800",
  "'; DROP TABLE runs; --",
  "<img src=x onerror=alert(1)>",
  "__proto__",
  "constructor",
  "%",
  "%00",
  "\r\nSet-Cookie: a=b",
  "file:///etc/passwd",
  "\u202e\u2028",
  -1,
  0,
  1e308,
  9_007_199_254_740_992,
  1.5,
  Number.NaN,
  null,
  true,
  [],
  {},
  { __proto__x: 1, constructor: { prototype: {} } },
  [[[[[[]]]]]],
];

export function operationsOf(document: Schema): Operation[] {
  return Object.entries<Record<string, Schema>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const [type, content] = Object.entries<Schema>(operation.requestBody?.content ?? {})[0] ?? [];
      const ok = Object.entries<Schema>(operation.responses).find(([status]) => status.startsWith("2"))?.[1];
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters,
        body: type === undefined ? undefined : { type, schema: content.schema },
        answer: ok?.content?.["application/json"]?.schema,
      };
    }),
  );
}

/** `known`: values that exist, by the name of a parameter or field, so that some requests get far. */
export function requestOf(
  operation: Operation,
  known: Readonly<Record<string, readonly unknown[]>>,
  chance: () => number,
): Made {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  const makeValue = (name: string, schema: Schema): unknown => {
    if (chance() < 0.15) return pick(hostile);
    const there = known[name];
    if (there !== undefined && chance() < 0.8) return pick(there);
    if (schema.enum !== undefined) return pick(schema.enum);
    switch (schema.type) {
      case "integer":
        return pick([schema.minimum, schema.maximum, schema.minimum - 1, schema.maximum + 1, 2, 7]);
      case "boolean":
        return chance() < 0.5;
      case "array":
        return Array.from({ length: Math.floor(chance() * 3) }, () => makeValue(name, schema.items));
      case "object": {
        const fields = Object.entries<Schema>(schema.properties ?? {}).filter(
          ([field]) => schema.required?.includes(field) || chance() < 0.4,
        );
        if (chance() < 0.05) fields.push([pick(["__proto__", "unknown", "toString"]), { type: "string" }]);
        return Object.fromEntries(fields.map(([field, each]) => [field, makeValue(field, each)]));
      }
      case "string":
        return pick(["x", "größe 1", "a.csv", "0".repeat(13)]);
      default:
        return pick(hostile);
    }
  };
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let path = operation.path;
  for (const { name, in: where, schema } of operation.parameters) {
    const value = makeValue(name, schema);
    const written = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
    if (where === "path") path = path.replace(`{${name}}`, chance() < 0.05 ? written : encoded(written));
    else if (where === "query" && chance() < 0.6) query.append(name, written);
    else if (where === "header" && chance() < 0.4) headers[name] = written.replace(/[^\x20-\x7e]/g, "");
  }
  if (chance() < 0.05) query.append(pick(["unknown", "__proto__", "policy"]), "x");
  const written = bodyOf(operation, makeValue, chance);
  if (written !== undefined) headers["content-type"] = chance() < 0.05 ? "text/plain" : (operation.body?.type ?? "");
  const ending = query.size === 0 ? "" : `?${query}`;
  return {
    path: `/api/v1${path}${ending}`.replaceAll(/[\0\r\n\t ]/g, "%20"),
    method: operation.method,
    headers,
    body: written,
  };
}

function bodyOf(
  { body }: Operation,
  makeValue: (name: string, schema: Schema) => unknown,
  chance: () => number,
): Made["body"] {
  if (body === undefined) return undefined;
  if (body.type !== "application/json") return new Uint8Array(Math.floor(chance() * 100)).fill(255 * chance());
  if (chance() < 0.05)
    return ["{", "\ud800", "[".repeat(100_000), "null", "\0", '{"a":1,"a":2}', ""][Math.floor(chance() * 7)];
  return JSON.stringify(makeValue("", body.schema)) ?? "";
}

function encoded(written: string): string {
  return encodeURIComponent(written.toWellFormed());
}

/** What is wrong with a value by a schema: type, fields and lists only. */
export function misfits(value: unknown, schema: Schema, document: Schema, at = "answer"): string[] {
  if (schema.$ref !== undefined)
    return misfits(value, document.components.schemas[schema.$ref.split("/").at(-1)], document, at);
  const kind = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const wanted = schema.type === "integer" ? "number" : schema.type;
  if (wanted !== undefined && wanted !== kind) return [`${at} is ${kind}, not ${schema.type}`];
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at} is ${value}`];
  if (kind === "array")
    return (value as unknown[]).flatMap((each, index) =>
      misfits(each, schema.items ?? {}, document, `${at}[${index}]`),
    );
  if (kind !== "object" || schema.properties === undefined) return [];
  const fields = value as Record<string, unknown>;
  return [
    ...(schema.required ?? []).filter((name: string) => !(name in fields)).map((name: string) => `${at} lacks ${name}`),
    ...Object.entries(fields).flatMap(([name, each]) =>
      Object.hasOwn(schema.properties, name)
        ? misfits(each, schema.properties[name], document, `${at}.${name}`)
        : [`${at} has ${name}`],
    ),
  ];
}
