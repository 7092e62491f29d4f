/** Kubernetes: a Job for every task, by the API `batch/v1`, with the token of a service account. */
import { type Depot, type EntrepotOptions, openServiceClient } from "../../depot/index.ts";
import { openNodeDisk } from "../../disk/index.ts";
import { EntrepotError } from "../../error/index.ts";
import { answered, type Fields, objectIn, textIn } from "./answers.ts";
import { kubernetesJob } from "./kubernetes-job.ts";
import type { KubernetesSettings } from "./settings.ts";
import type { JobManifest, SubmittedJob, Submitter } from "./submitter.ts";

/** What every pod with a service account has. */
const mounted = "/var/run/secrets/kubernetes.io/serviceaccount";

export function kubernetesSubmitter(
  data: Depot,
  options: EntrepotOptions,
  settings: KubernetesSettings,
  env: Readonly<Record<string, string | undefined>>,
): Submitter {
  const { namespace = "default", tokenFile = `${mounted}/token` } = settings;
  const caFile = settings.caFile ?? (settings.server === undefined ? `${mounted}/ca.crt` : undefined);
  const client = openServiceClient(caFile === undefined ? options : { ...options, caFile });
  const jobs = (name?: string): URL => {
    const path = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;
    return new URL(name === undefined ? path : `${path}/${encodeURIComponent(name)}`, serverOf(settings, env));
  };
  const ask = async (
    method: "GET" | "POST" | "DELETE",
    url: URL,
    body: JobManifest["body"] | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Fields> => {
    // read each time: it is replaced every hour
    const headers = { authorization: `Bearer ${await readToken(tokenFile)}`, "content-type": "application/json" };
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    return answered(`Kubernetes at ${url.host}`, await client.ask({ method, url, headers, body: bytes, signal }));
  };
  const close = () => client.close();
  return {
    name: "kubernetes",
    jobsWait: false,
    async manifest(task) {
      return { method: "POST", url: jobs().href, body: kubernetesJob(data, settings, task) };
    },
    async submit(task, { signal } = {}) {
      const made = await ask("POST", jobs(), kubernetesJob(data, settings, task), signal);
      const name = textIn(objectIn(made, "metadata"), "name");
      if (name !== undefined) return name;
      throw new EntrepotError("protocol", "Kubernetes answered without the name of the job");
    },
    async cancel(id, _reason, { signal } = {}) {
      try {
        await ask("DELETE", jobs(id), { propagationPolicy: "Background" }, signal);
      } catch (error) {
        if (!(error instanceof EntrepotError) || error.code !== "not-found") throw error;
      }
    },
    async describe(id, { signal } = {}) {
      return describedJob(id, objectIn(await ask("GET", jobs(id), undefined, signal), "status"));
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function serverOf({ server }: KubernetesSettings, env: Readonly<Record<string, string | undefined>>): string {
  if (server !== undefined) return server;
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = "443" } = env;
  if (host !== undefined && host !== "") return `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  throw new EntrepotError("misconfigured", "nobody says where the API of Kubernetes is", {
    hint: 'name it in the settings: "server": "https://…", "tokenFile", "caFile"',
  });
}

async function readToken(path: string): Promise<string> {
  const { bytes } = await openNodeDisk().readFile(path, { followLinks: true, maxBytes: 1 << 16 });
  const token = new TextDecoder().decode(bytes).trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new EntrepotError("misconfigured", `${path} holds no token`, { hint: "name another one: tokenFile" });
}

function describedJob(id: string, status: Fields): SubmittedJob {
  const conditions: readonly Fields[] = Array.isArray(status["conditions"]) ? status["conditions"] : [];
  const held = (type: string) => conditions.find((each) => each["type"] === type && each["status"] === "True");
  const failed = held("Failed");
  const reasonOf = (condition: Fields | undefined) =>
    condition === undefined ? undefined : (textIn(condition, "message") ?? textIn(condition, "reason"));
  if (failed !== undefined) return { id, state: "failed", reason: reasonOf(failed) };
  if (held("Complete") !== undefined) return { id, state: "done", reason: undefined };
  const isRunning = typeof status["ready"] === "number" && status["ready"] > 0;
  return { id, state: isRunning ? "running" : "waiting", reason: reasonOf(held("Suspended")) };
}
