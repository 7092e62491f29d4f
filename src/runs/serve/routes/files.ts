/** Parameter files: of one policy, or without `policy` of all. */
import { createHash } from "node:crypto";
import { mostFileBytes } from "../../store/index.ts";
import { listOf, records } from "../api/records.ts";
import { bytesRoute, type Route, route } from "../api/route.ts";
import { text } from "../api/shape.ts";
import { fileResponse } from "../file-response.ts";
import { ifMatchHeader, ifMatchOf } from "../guard/condition.ts";
import { policyQuery, runPath } from "./fields.ts";

const filePath = { ...runPath, file: text({ min: 1, max: 200 }) };

export const fileRoutes: readonly Route[] = [
  route({
    id: "listFiles",
    method: "GET",
    at: "/runs/{run}/files",
    summary: "Files of a run; with `policy` those that its program sees",
    role: "read",
    scope: "run",
    path: runPath,
    query: policyQuery,
    answer: { status: 200, description: "By name", shape: listOf("File") },
    run: ({ world, run, query: { policy } }) => world.store.files.list(run.id, policy),
  }),
  route({
    id: "readFile",
    method: "GET",
    at: "/runs/{run}/files/{file}",
    summary: "The bytes of a file",
    role: "read",
    scope: "run",
    path: filePath,
    query: policyQuery,
    answer: { status: 200, description: "Never as a page", contentType: "application/octet-stream" },
    async run({ world, run, path: { file }, query: { policy } }) {
      const bytes = await world.store.files.read(run.id, policy, file);
      return fileResponse(file, bytes, createHash("sha256").update(bytes).digest("hex"));
    },
  }),
  bytesRoute({
    id: "putFile",
    method: "PUT",
    at: "/runs/{run}/files/{file}",
    summary: "Put or replace a file, before the run starts",
    role: "run",
    scope: "run",
    path: filePath,
    query: policyQuery,
    headers: ifMatchHeader("The sha256 of what is replaced"),
    body: { bytes: mostFileBytes },
    answer: { status: 200, description: "What is there now", shape: records.File, etag: "sha256" },
    run: ({ world, run, path: { file }, query: { policy }, body, request }) =>
      world.store.files.put(run.id, policy, file, body, { ifMatch: ifMatchOf(request) }),
  }),
  route({
    id: "deleteFile",
    method: "DELETE",
    at: "/runs/{run}/files/{file}",
    summary: "Take a file out, before the run starts",
    role: "run",
    scope: "run",
    path: filePath,
    query: policyQuery,
    headers: ifMatchHeader("The sha256 of what is taken out"),
    answer: { status: 204, description: "Gone" },
    run: ({ world, run, path: { file }, query: { policy }, request }) =>
      world.store.files.delete(run.id, policy, file, { ifMatch: ifMatchOf(request) }),
  }),
];
