/** The OpenAPI 3.1 document, made from the table of operations that serves: what it says is what is checked. */
import { records } from "./records.ts";
import { isBytesBody, type Route } from "./route.ts";
import { type Fields, type JsonSchema, json, object, optional, type Shape, text, whole } from "./shape.ts";

const problem = object({
  type: text({ max: 200 }),
  title: text({ max: 200 }),
  status: whole(400, 599),
  detail: text({ max: 10_000 }),
  code: text({ max: 100 }),
  hint: optional(text({ max: 10_000 })),
});

export function openApi(routes: readonly Route[], version: string, cookieName: string): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.at] ??= {};
    Object.assign(paths[route.at] ?? {}, { [route.method.toLowerCase()]: operation(route) });
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Runs of entrepot",
      version,
      summary: "Models, runs, their policies and parameters, on their way and what came out",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/api/v1" }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: {
        ...Object.fromEntries(Object.entries(records).map(([name, { schema }]) => [name, schema])),
        Problem: problem.schema,
      },
      responses: {
        Problem: {
          description: "Why not: `code` is for programs, `detail` and `hint` are for people",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "entrepot runs token create makes one" },
        session: { type: "apiKey", in: "cookie", name: cookieName, description: "Of the page, by signIn" },
      },
    },
  };
}

function operation({ id, summary, role, at, path, query, headers = {}, body, answer }: Route): JsonSchema {
  const { status, description, shape, contentType } = answer;
  const content =
    shape !== undefined
      ? { content: { "application/json": { schema: referring(shape) } } }
      : contentType === undefined
        ? {}
        : { content: { [contentType]: {} } };
  return {
    operationId: id,
    summary,
    description: role === "none" ? "For anybody who reaches the server." : `Takes the role \`${role}\`.`,
    tags: [at.split("/")[1]],
    ...(role === "none" ? { security: [] } : {}),
    parameters: [
      ...parameters("path", path),
      ...parameters("query", query),
      ...Object.entries(headers).map(([name, schema]) => ({ name, in: "header", required: false, schema })),
    ],
    ...(body === undefined ? {} : { requestBody: requestBody(body) }),
    responses: {
      [status]: { description, ...content },
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

function parameters(where: "path" | "query", fields: Fields): readonly JsonSchema[] {
  return Object.entries(fields).map(([name, { schema, isOptional }]) => ({
    name,
    in: where,
    required: !isOptional,
    schema,
  }));
}

function requestBody(body: Exclude<Route["body"], undefined>): JsonSchema {
  return isBytesBody(body)
    ? { required: true, content: { "application/octet-stream": { schema: { maxLength: body.bytes } } } }
    : { required: true, content: { "application/json": { schema: body.schema } } };
}

/** The components have one name each; a list or an object may hold them. */
function referring({ schema }: Shape<unknown>): JsonSchema {
  const named = Object.entries(records).find(([, record]) => record.schema === schema);
  if (named !== undefined) return { $ref: `#/components/schemas/${named[0]}` };
  const inside = (part: unknown) => referring({ ...json, schema: part as JsonSchema });
  const { items, properties } = schema as {
    readonly items?: JsonSchema;
    readonly properties?: Record<string, unknown>;
  };
  return {
    ...schema,
    ...(items === undefined ? {} : { items: inside(items) }),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, inside(each)])) }),
  };
}
