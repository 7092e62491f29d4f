/** Models and their versions. A version says what workers execute, so that only an admin makes one. */
import type { Program } from "../../store/index.ts";
import { listOf, program, records } from "../api/records.ts";
import { type Route, route } from "../api/route.ts";
import { object, optional, text } from "../api/shape.ts";
import { modelPath, note } from "./fields.ts";

const name = text({ min: 1, max: 200 });

export const modelRoutes: readonly Route[] = [
  route({
    id: "listModels",
    method: "GET",
    at: "/models",
    summary: "The models that the caller may see, by name",
    role: "read",
    scope: "own",
    answer: { status: 200, description: "All of them", shape: listOf("Model") },
    run: async ({ world, caller: { models } }) =>
      (await world.store.models.list()).filter(({ name }) => models === undefined || models.includes(name)),
  }),
  route({
    id: "addModel",
    method: "POST",
    at: "/models",
    summary: "Add a model, without a version yet",
    role: "admin",
    scope: "all",
    body: object({ name, description: optional(note) }),
    answer: { status: 201, description: "The model", shape: records.Model },
    run: ({ world, body: { name, description } }) => world.store.models.add(name, { description }),
  }),
  route({
    id: "getModel",
    method: "GET",
    at: "/models/{model}",
    summary: "One model",
    role: "read",
    scope: "model",
    path: modelPath,
    answer: { status: 200, description: "The model", shape: records.Model },
    run: ({ world, path: { model } }) => world.store.models.get(model),
  }),
  route({
    id: "deleteModel",
    method: "DELETE",
    at: "/models/{model}",
    summary: "Delete a model that has no runs",
    role: "admin",
    scope: "all",
    path: modelPath,
    answer: { status: 204, description: "Gone" },
    run: ({ world, path: { model } }) => world.store.models.delete(model),
  }),
  route({
    id: "listVersions",
    method: "GET",
    at: "/models/{model}/versions",
    summary: "Versions of a model, the newest first",
    role: "read",
    scope: "model",
    path: modelPath,
    answer: { status: 200, description: "All of them", shape: listOf("ModelVersion") },
    run: ({ world, path: { model } }) => world.store.models.versions(model),
  }),
  route({
    id: "deployVersion",
    method: "POST",
    at: "/models/{model}/versions",
    summary: "Deploy a version: the program that workers execute",
    role: "admin",
    scope: "all",
    path: modelPath,
    body: object({ program, version: optional(name), description: optional(note) }),
    answer: { status: 201, description: "The version", shape: records.ModelVersion },
    run: ({ world, path: { model }, body }) =>
      world.store.models.deploy(model, { ...body, program: withoutAbsent(body.program) }),
  }),
  route({
    id: "deleteVersion",
    method: "DELETE",
    at: "/models/{model}/versions/{version}",
    summary: "Delete a version that has no runs",
    role: "admin",
    scope: "all",
    path: { ...modelPath, version: name },
    answer: { status: 204, description: "Gone" },
    run: ({ world, path: { model, version } }) => world.store.models.delete(model, version),
  }),
];

/** Of what the shape of a program has read. */
function withoutAbsent(read: unknown): Program {
  return Object.fromEntries(Object.entries(read as Program).filter(([, value]) => value !== undefined)) as never;
}
