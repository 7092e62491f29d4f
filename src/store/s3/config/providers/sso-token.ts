/**
 * The token of a person who has signed in. One of an `sso_session` is renewed before its end and written back for all; a
 * person is never asked, only told the command.
 */
import { EntrepotError } from "../../../../error/index.ts";
import { ask, jsonObject, momentMs, type Reply, refused, textField } from "./ask.ts";
import { serviceEndpoint } from "./service-endpoint.ts";
import { formatMoment, type TokenFields, type TokenFile } from "./token-file.ts";
import { unauthenticated, type WayContext } from "./way.ts";

export interface SsoSession {
  readonly startUrl: string;
  readonly region: string;
  /** The older form has nothing to renew its token with. */
  readonly renews: boolean;
  readonly file: TokenFile;
  /** Who says so, for messages. */
  readonly where: string;
  /** What signs in again. */
  readonly command: string;
}

/** Renewed from this long before the end, milliseconds: as the AWS CLI does it. */
const renewBeforeMs = 15 * 60_000;

/** One that holds. Errors: unauthenticated, and those of asking for a new one when the old one has ended. */
export async function accessToken(context: WayContext, session: SsoSession): Promise<string> {
  const kept = await session.file.read();
  const nowMs = context.world.clock.now();
  const leftMs = endOf(kept) - nowMs;
  if (kept === undefined || textField(kept, "accessToken") === "") {
    throw unauthenticated(`nobody has signed in for ${session.where}`, `Sign in: ${session.command}`);
  }
  if (leftMs > (session.renews ? renewBeforeMs : 0)) return textField(kept, "accessToken");
  if (session.renews && canRenew(kept, nowMs)) {
    try {
      return await renew(context, session, kept);
    } catch (error) {
      // Another process may have been first, and a token renews once only.
      const other = await session.file.read();
      if (endOf(other) > Math.max(endOf(kept), nowMs)) return textField(other, "accessToken");
      if (leftMs <= 0) throw error;
    }
  }
  if (leftMs > 0) return textField(kept, "accessToken");
  throw ended(session);
}

async function renew(context: WayContext, session: SsoSession, kept: TokenFields): Promise<string> {
  const { url } = serviceEndpoint(context, "sso_oidc", session.region, "/token");
  const service = `the token service of single sign-on at ${url.origin}`;
  const clientSecret = textField(kept, "clientSecret");
  const refreshToken = textField(kept, "refreshToken");
  const body = Buffer.from(
    JSON.stringify({ clientId: textField(kept, "clientId"), clientSecret, grantType: "refresh_token", refreshToken }),
  );
  const headers = { "content-type": "application/json" };
  const reply = await ask(context.world, { service, method: "POST", url, headers, body });
  if (reply.status !== 200) throw refusal(session, service, reply, [clientSecret, refreshToken]);
  const answer = jsonObject(reply.text);
  const token = textField(answer, "accessToken");
  const seconds = answer?.["expiresIn"];
  if (token === "" || typeof seconds !== "number") {
    throw new EntrepotError("protocol", `${service} answered without a token`, {
      hint: `What answers there is not single sign-on: check sso_region of ${session.where}.`,
    });
  }
  await session.file.write({
    ...kept,
    startUrl: session.startUrl,
    region: session.region,
    accessToken: token,
    expiresAt: formatMoment(context.world.clock.now() + seconds * 1000),
    refreshToken: textField(answer, "refreshToken") || refreshToken,
  });
  return token;
}

/** That a token cannot be renewed says that somebody must sign in; that the service is busy or gone does not. */
function refusal(session: SsoSession, service: string, reply: Reply, secrets: readonly string[]): EntrepotError {
  const { status, text } = reply;
  const answer = jsonObject(text);
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return ended(session);
  const word = textField(answer, "error");
  return refused({ service, status, word, message: textField(answer, "error_description"), secrets }, undefined, {});
}

function canRenew(token: TokenFields, nowMs: number): boolean {
  const complete = ["refreshToken", "clientId", "clientSecret"].every((name) => textField(token, name) !== "");
  return complete && (momentMs(textField(token, "registrationExpiresAt")) ?? 0) > nowMs;
}

function endOf(token: TokenFields | undefined): number {
  return momentMs(textField(token, "expiresAt")) ?? 0;
}

function ended(session: SsoSession): EntrepotError {
  return unauthenticated(`the sign-on for ${session.where} has ended`, `Sign in again: ${session.command}`);
}
