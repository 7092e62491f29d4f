/**
 * The role of a machine in EC2, asked of its metadata service (version 2; the first version only where the service knows no
 * other). It is the last that is asked, and gives up at once: most machines are not in EC2.
 */
import { EntrepotError, isEntrepotError } from "../../../../error/index.ts";
import type { Credentials } from "../../sign.ts";
import { ask, jsonObject, momentMs, type Question, type Reply, textField } from "./ask.ts";
import { misconfigured, unauthenticated, variable, type Way, type WayContext } from "./way.ts";

const rolePath = "/latest/meta-data/iam/security-credentials/";
const tokenSeconds = "21600";
/** Credentials that the service could not renew in time are used this much longer, as AWS asks for: it may be in trouble. Milliseconds. */
const extensionMs = 15 * 60_000;

export const instanceRole: Way = {
  name: "iam-role",
  find(context) {
    if (/^true$/i.test(variable(context, "AWS_EC2_METADATA_DISABLED") ?? ""))
      return "AWS_EC2_METADATA_DISABLED is true";
    const base = baseUrl(context);
    return {
      source: `the machine's role (metadata service at ${base.origin})`,
      place: undefined,
      value: () => fetchRole(context, base),
    };
  },
};

async function fetchRole(context: WayContext, base: URL): Promise<Credentials> {
  const token = await sessionToken(context, base);
  const headers = token === undefined ? {} : { "x-aws-ec2-metadata-token": token };
  const get = (path: string) => askMetadata(context, base, { method: "GET", path, headers });
  const roles = await get(rolePath);
  const role = roles.text.trim().split("\n")[0] ?? "";
  if (roles.status !== 200 || role === "") throw nobody(`the metadata service at ${base.origin} knows no role`);
  const { status, text } = await get(`${rolePath}${encodeURIComponent(role)}`);
  const answer = jsonObject(text);
  const accessKeyId = textField(answer, "AccessKeyId");
  const secretAccessKey = textField(answer, "SecretAccessKey");
  const expiresMs = momentMs(textField(answer, "Expiration"));
  if (status >= 500 || status === 429) {
    throw new EntrepotError("server-error", `the metadata service at ${base.origin} answered ${status}`);
  }
  if (status !== 200 || accessKeyId === "" || secretAccessKey === "" || expiresMs === undefined) {
    throw nobody(`the metadata service at ${base.origin} gives no credentials for the role ${role}`);
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: textField(answer, "Token") || undefined,
    expiresMs: Math.max(expiresMs, context.world.clock.now() + extensionMs),
  };
}

/** `undefined` where the service knows only its first version, which wants none. */
async function sessionToken(context: WayContext, base: URL): Promise<string | undefined> {
  const headers = { "x-aws-ec2-metadata-token-ttl-seconds": tokenSeconds };
  const oldAllowed = !/^true$/i.test(
    variable(context, "AWS_EC2_METADATA_V1_DISABLED") ?? context.session?.settings["ec2_metadata_v1_disabled"] ?? "",
  );
  let reply: Reply;
  try {
    reply = await askMetadata(context, base, { method: "PUT", path: "/latest/api/token", headers });
  } catch (error) {
    // Something is there, but lets no answer to a PUT through: a container one hop away.
    if (oldAllowed && isEntrepotError(error, "timeout") && !error.message.includes("no connection")) return undefined;
    throw isEntrepotError(error, "unreachable", "timeout", "protocol", "truncated")
      ? notThere(context, base, error)
      : error;
  }
  if (reply.status === 200 && reply.text !== "") return reply.text.trim();
  if (oldAllowed && [403, 404, 405].includes(reply.status)) return undefined;
  throw nobody(`the metadata service at ${base.origin} answered ${reply.status} to the question for a token`);
}

async function askMetadata(
  context: WayContext,
  base: URL,
  { method, path, headers }: Pick<Question, "method" | "headers"> & { readonly path: string },
): Promise<Reply> {
  const ms = seconds(context, "AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout") * 1000;
  const attempts = Math.floor(seconds(context, "AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts"));
  const url = new URL(`${base.pathname.replace(/\/$/, "")}${path}`, base);
  const timeouts = { connectMs: ms, firstByteMs: ms, idleMs: ms };
  const question = { service: "the machine's metadata service", method, url, headers, timeouts };
  for (let attempt = 1; ; attempt++) {
    try {
      const reply = await ask(context.world, question);
      if (reply.status < 500 || attempt >= attempts) return reply;
    } catch (error) {
      if (attempt >= attempts || !isEntrepotError(error, "unreachable", "timeout", "truncated")) throw error;
    }
  }
}

/** What is not there is no failure of it, unless all of the network is switched off. */
function notThere({ world }: WayContext, base: URL, error: EntrepotError): EntrepotError {
  return world.transport.refusal?.(base.origin) === undefined
    ? nobody(`this machine has no metadata service (${error.message})`)
    : error;
}

function nobody(why: string): EntrepotError {
  return unauthenticated(`no credentials were found: ${why}`, noCredentialsHint);
}

/** What to do where nobody gives credentials. */
export const noCredentialsHint: string =
  "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile, sign in (aws sso login), or read public data with anonymous: true.";

function baseUrl(context: WayContext): URL {
  const { session } = context;
  const named =
    variable(context, "AWS_EC2_METADATA_SERVICE_ENDPOINT") ?? session?.settings["ec2_metadata_service_endpoint"];
  const mode =
    variable(context, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE") ??
    session?.settings["ec2_metadata_service_endpoint_mode"] ??
    (/^true$/i.test(variable(context, "AWS_IMDS_USE_IPV6") ?? session?.settings["imds_use_ipv6"] ?? "")
      ? "ipv6"
      : "ipv4");
  if (!/^ipv[46]$/i.test(mode)) {
    throw misconfigured(`AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is ${JSON.stringify(mode)}`, "Make it ipv4 or ipv6.");
  }
  const text = named || (/6/.test(mode) ? "http://[fd00:ec2::254]" : "http://169.254.169.254");
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw misconfigured("AWS_EC2_METADATA_SERVICE_ENDPOINT is no address", "Write it as http://169.254.169.254.");
  }
  return new URL(text);
}

function seconds(context: WayContext, name: string, setting: string): number {
  const text = variable(context, name) ?? context.session?.settings[setting];
  const value = text === undefined ? 1 : Number(text);
  if (!(value >= 1 && value <= 3600)) throw misconfigured(`${name} is ${JSON.stringify(text)}`, "Make it 1 or more.");
  return value;
}
