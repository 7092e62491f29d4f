/** The role of a container (ECS, EKS), asked of the endpoint that its environment names. Only of one that cannot be a stranger. */
import { EntrepotError } from "../../../../error/index.ts";
import { isLoopback } from "../../../../net/index.ts";
import type { Credentials } from "../../sign.ts";
import { expandPath } from "../profiles.ts";
import { ask, jsonObject, momentMs, refused, textField } from "./ask.ts";
import { misconfigured, variable, type Way, type WayContext } from "./way.ts";

const relativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const fullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const tokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
const noAgent = `Is the agent of the container running, and ${fullUri} or ${relativeUri} right? Outside of a container, unset them.`;
const tokenText = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
/** Of ECS and of EKS. */
const ownHosts: readonly string[] = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"];
/** Both are on the same machine. */
const timeouts = { connectMs: 2_000, firstByteMs: 5_000, idleMs: 2_000 } as const;

export const containerRole: Way = {
  name: "container-role",
  find(context) {
    const relative = variable(context, relativeUri);
    const full = variable(context, fullUri);
    if (relative === undefined && full === undefined) return `${relativeUri} and ${fullUri} are not set`;
    const name = relative === undefined ? fullUri : relativeUri;
    const url = relative === undefined ? checkedUrl(full ?? "") : parsedUrl(`http://169.254.170.2${relative}`, name);
    return { source: `the container's role (${name})`, place: undefined, value: () => fetchRole(context, url) };
  },
};

async function fetchRole(context: WayContext, url: URL): Promise<Credentials> {
  const token = await authorization(context);
  const service = `the container's endpoint at ${url.origin}`;
  const headers = { accept: "application/json", ...(token === undefined ? {} : { authorization: token }) };
  const { status, text } = await ask(context.world, { service, method: "GET", url, headers, timeouts, hint: noAgent });
  const answer = jsonObject(text);
  if (status !== 200) {
    const [word, message] = [textField(answer, "code"), textField(answer, "message")];
    throw refused({ service, status, word, message, secrets: [token ?? ""] }, undefined, {
      unauthenticated: `Check ${tokenFile} or ${tokenText}.`,
      forbidden: `Check ${tokenFile} or ${tokenText}, and the role of the task or pod.`,
      misconfigured: "Has the task or pod a role?",
    });
  }
  const accessKeyId = textField(answer, "AccessKeyId");
  const secretAccessKey = textField(answer, "SecretAccessKey");
  const expiresMs = momentMs(textField(answer, "Expiration"));
  if (accessKeyId === "" || secretAccessKey === "") {
    throw new EntrepotError("protocol", `${service} answered without credentials`, {
      hint: `What answers there is not a container's endpoint: check ${fullUri}.`,
    });
  }
  return { accessKeyId, secretAccessKey, sessionToken: textField(answer, "Token") || undefined, expiresMs };
}

/** Read anew each time: EKS replaces the file. */
async function authorization(context: WayContext): Promise<string | undefined> {
  const path = variable(context, tokenFile);
  let token = variable(context, tokenText);
  if (path !== undefined) {
    token = (await context.world.readFile(expandPath(context.world, path)))?.trimEnd();
    if (token === undefined) throw misconfigured(`the file ${path} of ${tokenFile} does not exist`, "Check its path.");
  }
  if (token !== undefined && /[\r\n]/.test(token)) {
    throw misconfigured(
      `the token of ${path === undefined ? tokenText : tokenFile} has more than one line`,
      "It is sent as a header, which is one line.",
    );
  }
  return token;
}

function checkedUrl(text: string): URL {
  const url = parsedUrl(text, fullUri);
  const { hostname, protocol } = url;
  const own = isLoopback(hostname) || ownHosts.includes(hostname);
  if (protocol === "https:" || (protocol === "http:" && own)) return url;
  throw misconfigured(
    `${fullUri} names ${url.origin}, which might be anybody`,
    `It is a loopback address, ${ownHosts.join(", ")}, or begins with https.`,
  );
}

function parsedUrl(text: string, name: string): URL {
  if (!URL.canParse(text)) throw misconfigured(`${name} is no address`, "Write it as http://127.0.0.1/path.");
  return new URL(text);
}
