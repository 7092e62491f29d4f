/** About the server itself: tokens of the API, and what the local copies take. */
import { tokenRoles } from "../../store/index.ts";
import { listOf, records } from "../api/records.ts";
import type { World } from "../api/route.ts";
import { type Route, route } from "../api/route.ts";
import { choice, list, object, optional, text, whole } from "../api/shape.ts";

const name = text({ min: 1, max: 200 });

export const serverRoutes: readonly Route[] = [
  route({
    id: "cacheStats",
    method: "GET",
    at: "/cache",
    summary: "What local copies of objects take on the disk of the server",
    role: "read",
    scope: "all",
    answer: { status: 200, description: "Sums", shape: records.Cache },
    run: ({ world, signal }) => cacheOf(world, signal),
  }),
  route({
    id: "listTokens",
    method: "GET",
    at: "/tokens",
    summary: "Tokens, without what they say",
    role: "admin",
    scope: "all",
    answer: { status: 200, description: "All of them", shape: listOf("Token") },
    run: ({ world }) => world.store.tokens.list(),
  }),
  route({
    id: "createToken",
    method: "POST",
    at: "/tokens",
    summary: "Make a token; only this answer tells it",
    role: "admin",
    scope: "all",
    body: object({
      name,
      role: choice(tokenRoles),
      models: optional(list(name, { min: 1, max: 1_000 })),
      expiresMs: optional(whole(0, Number.MAX_SAFE_INTEGER)),
    }),
    answer: {
      status: 201,
      description: "The token, and what is kept of it",
      shape: object({ token: text({ max: 200 }), record: records.Token }),
    },
    run: ({ world, body }) => world.store.tokens.create(body),
  }),
  route({
    id: "deleteToken",
    method: "DELETE",
    at: "/tokens/{tokenId}",
    summary: "Take a token back, by its id; unknown is success",
    role: "admin",
    scope: "all",
    path: { tokenId: text({ min: 13, max: 13, pattern: "^[0-9a-z]+$" }) },
    answer: { status: 204, description: "Gone" },
    run: ({ world, path: { tokenId } }) => world.store.tokens.delete(tokenId),
  }),
];

async function cacheOf({ data }: World, signal: AbortSignal): Promise<unknown> {
  const { objects, sizeBytes, ranges } = await data.cache.stats({ detail: false, signal });
  return {
    isEnabled: data.cache.enabled,
    objects,
    sizeBytes,
    ranges: { objects: ranges.objects, sizeBytes: ranges.sizeBytes },
  };
}
