/** AWS Batch and the API of Kubernetes as far as submitters use them, over a socket of this machine, with jobs that tests move. */
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { EntrepotOptions } from "../../src/index.ts";

export const key = { id: "AKIDTEST", secret: "the/secret+key", region: "eu-central-1" };
/** A depot as jobs get it; it is asked for addresses only. */
export const jobOptions = {
  credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
  region: key.region,
  roots: { cloud: "s3://models/root/" },
  location: "cloud",
  cache: false,
  env: {},
  envFile: false,
} as const satisfies EntrepotOptions<"cloud">;

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface FakeService {
  readonly url: string;
  readonly requests: FakeRequest[];
  /** By their ids, in the words of the service. */
  readonly jobs: Map<string, Record<string, unknown>>;
  /** For the next request. */
  next: FakeAnswer | undefined;
  close(): Promise<void>;
}

async function startService(
  answer: (request: FakeRequest, jobs: FakeService["jobs"]) => FakeAnswer,
): Promise<FakeService> {
  const requests: FakeRequest[] = [];
  const jobs: FakeService["jobs"] = new Map();
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = "", url = "", headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") };
    requests.push(request);
    const { status, headers: given = {}, body } = service.next ?? answer(request, jobs);
    service.next = undefined;
    outgoing.writeHead(status, { "content-type": "application/json", ...given });
    outgoing.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const service: FakeService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    jobs,
    next: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return service;
}

/** Refuses what this key of this region did not sign. */
export function startBatch(key: {
  readonly id: string;
  readonly secret: string;
  readonly region: string;
}): Promise<FakeService> {
  let count = 0;
  return startService((request, jobs) => {
    const refusal = signatureRefusal(request, key);
    if (refusal !== undefined)
      return { status: 403, headers: { "x-amzn-errortype": "InvalidSignatureException" }, body: { message: refusal } };
    const given = JSON.parse(request.body);
    const call = request.path.replace("/v1/", "");
    if (call === "submitjob") {
      count += 1;
      const jobId = `job-${count}`;
      jobs.set(jobId, { jobId, status: "SUBMITTED", ...given });
      return { status: 200, body: { jobId, jobName: given.jobName, jobArn: `arn:aws:batch:::job/${jobId}` } };
    }
    if (call === "describejobs")
      return { status: 200, body: { jobs: given.jobs.flatMap((id: string) => jobs.get(id) ?? []) } };
    const job = jobs.get(given.jobId);
    if (job !== undefined) Object.assign(job, { status: "FAILED", statusReason: given.reason });
    return { status: 200, body: {} };
  });
}

/** By the documentation of Signature Version 4, not by our signer. */
function signatureRefusal(
  { method, path, headers, body }: FakeRequest,
  { id, secret, region }: { readonly id: string; readonly secret: string; readonly region: string },
): string | undefined {
  const [, scope = "", names = "", signature = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  const [keyId, date = "", givenRegion, service] = scope.split("/");
  if (keyId !== id || givenRegion !== region || service !== "batch") return "not for this service";
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: Buffer | string, text: string) => createHmac("sha256", key).update(text).digest();
  const lines = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, "", lines.join(""), names, hash(body)].join("\n");
  const text = [
    "AWS4-HMAC-SHA256",
    headers["x-amz-date"],
    `${date}/${region}/batch/aws4_request`,
    hash(canonical),
  ].join("\n");
  const key = [date, region, "batch", "aws4_request"].reduce<Buffer | string>(hmac, `AWS4${secret}`);
  return hmac(key, text).toString("hex") === signature ? undefined : "the signature is another one";
}

/** Refuses whoever has another token. */
export function startKubernetes(token: string): Promise<FakeService> {
  const failure = (code: number, reason: string, message: string): FakeAnswer => ({
    status: code,
    body: { kind: "Status", status: "Failure", reason, message, code },
  });
  return startService(({ method, path, headers, body }, jobs) => {
    if (headers.authorization !== `Bearer ${token}`) return failure(401, "Unauthorized", "Unauthorized");
    const [, namespace, name] = /^\/apis\/batch\/v1\/namespaces\/([^/]+)\/jobs(?:\/([^/]+))?$/.exec(path) ?? [];
    if (namespace !== "models") return failure(404, "NotFound", `namespaces "${namespace}" not found`);
    if (method === "POST") {
      const job = JSON.parse(body);
      const made = `${job.metadata.generateName}${String(jobs.size).padStart(5, "0")}`;
      if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(made)) return failure(422, "Invalid", `${made} is no name`);
      jobs.set(made, { ...job, metadata: { ...job.metadata, name: made }, status: {} });
      return { status: 201, body: jobs.get(made) };
    }
    const job = jobs.get(name ?? "");
    if (job === undefined) return failure(404, "NotFound", `jobs.batch "${name}" not found`);
    if (method === "DELETE") jobs.delete(name ?? "");
    return { status: 200, body: job };
  });
}
