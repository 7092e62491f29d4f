/** Signing in and out at the page, and who one is. */
import { Refusal } from "../api/problem.ts";
import { records } from "../api/records.ts";
import { type Route, route } from "../api/route.ts";
import { described, object, text } from "../api/shape.ts";

export const sessionRoutes: readonly Route[] = [
  route({
    id: "whoAmI",
    method: "GET",
    at: "/session",
    summary: "Who asks, and what that one may do",
    role: "none",
    scope: "own",
    answer: { status: 200, description: "Role `none`: not signed in", shape: records.Session },
    run: async ({ caller: { name, role, models }, world }) => ({ name, role, models, isReadOnly: world.isReadOnly }),
  }),
  route({
    id: "signIn",
    method: "POST",
    at: "/session",
    summary: "Begin a session of the page, which a cookie then speaks for",
    role: "none",
    scope: "own",
    // anybody may send it
    mostBodyBytes: 1024,
    body: object({ secret: described("The code of the link, or a token", text({ min: 1, max: 200 })) }),
    answer: { status: 204, description: "With a cookie" },
    async run({ body: { secret }, world, caller }) {
      const session = await world.sessions.signIn(secret);
      if (session === undefined)
        throw new Refusal(
          401,
          "unauthenticated",
          "that code or token is none, was used, has expired or was taken back",
          "a link is good once, for 15 minutes; entrepot runs token create makes a token",
        );
      if (caller.session !== undefined) world.sessions.signOut(caller.session);
      return new Response(null, { status: 204, headers: { "Set-Cookie": world.cookie(session) } });
    },
  }),
  route({
    id: "signOut",
    method: "DELETE",
    at: "/session",
    summary: "End the session",
    role: "none",
    scope: "own",
    answer: { status: 204, description: "Also where there was none" },
    async run({ caller, world }) {
      if (caller.session !== undefined) world.sessions.signOut(caller.session);
      return new Response(null, { status: 204, headers: { "Set-Cookie": world.cookie(undefined) } });
    },
  }),
];
