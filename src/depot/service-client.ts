/**
 * Questions to services other than stores, as these settings have it: proxies, certificates, the switch of the network, and for AWS
 * whose they are. One try, any answer.
 */
import { hash } from "node:crypto";
import { openNodeDisk } from "../disk/index.ts";
import { EntrepotError } from "../error/index.ts";
import { isLoopback, openTransport, withNetworkSwitch } from "../net/index.ts";
import { partitionOf, Signer, systemClock } from "../store/index.ts";
import type { EntrepotOptions } from "./options.ts";
import { processWorld } from "./process-world.ts";
import { proxyOf, readCertificates } from "./reach.ts";
import { caFileOf, s3Access } from "./s3-settings.ts";
import { readSettings } from "./settings.ts";

const maxAnswerBytes = 16 * 1024 ** 2;

export interface ServiceQuestion {
  readonly method: "GET" | "POST" | "DELETE";
  /** `https:`, or this machine: what is sent tells who we are. Error: misconfigured. */
  readonly url: URL;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ServiceAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface ServiceClient {
  /** Errors: those of the transport; limit-exceeded for an answer above 16 MiB. */
  ask(question: ServiceQuestion): Promise<ServiceAnswer>;
  /** Signed (SigV4) for a service of AWS. Also errors of the providers of credentials; misconfigured where these are anonymous. */
  askSigned(question: ServiceQuestion, service: string, region: string): Promise<ServiceAnswer>;
  /** That of the settings. Error: misconfigured where nobody says one. */
  region(): Promise<string>;
  /** Of a service of AWS in a region. */
  hostOf(service: string, region: string): string;
  close(): Promise<void>;
}

/** Opens no connection. Errors: those of `entrepot(options)`. */
export function openServiceClient(options: EntrepotOptions): ServiceClient {
  const settings = readSettings(options, processWorld(options));
  const disk = openNodeDisk();
  const { reach, env, network, s3 } = settings;
  let { caFile } = reach;
  const opened = openTransport({
    workload: "few",
    proxy: proxyOf(reach),
    certificates: () => readCertificates(caFile, env, disk),
  });
  const transport = withNetworkSwitch(opened, network);
  const resolve = async () => {
    const access = await s3Access(s3, settings, { disk, transport, clock: systemClock });
    caFile = caFileOf(access, settings);
    return access;
  };
  let resolved: ReturnType<typeof resolve> | undefined;
  const access = () => {
    resolved ??= resolve();
    return resolved;
  };
  const ask = async ({ method, url, headers = {}, body, signal }: ServiceQuestion): Promise<ServiceAnswer> => {
    if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
      throw new EntrepotError("misconfigured", `${url.origin} would be told who we are without encryption`, {
        hint: "use an https:// address",
      });
    const length = body === undefined ? {} : { "content-length": String(body.byteLength) };
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    let answer: Pick<ServiceAnswer, "status" | "headers"> = { status: 0, headers: {} };
    const request = { method, origin: url.origin, path: `${url.pathname}${url.search}`, body, signal };
    await transport.send(
      { ...request, headers: { ...headers, ...length } },
      {
        head: (status, given) => {
          answer = { status, headers: given };
        },
        data: (chunk) => {
          sizeBytes += chunk.byteLength;
          if (sizeBytes > maxAnswerBytes)
            throw new EntrepotError("limit-exceeded", `the answer of ${url.origin} is longer than 16 MiB`);
          chunks.push(chunk.slice());
        },
      },
    );
    return { ...answer, text: Buffer.concat(chunks).toString("utf8") };
  };
  return {
    ask,
    async askSigned(question, service, region) {
      const { credentials } = await access();
      const given = typeof credentials === "function" ? await credentials() : credentials;
      if (given === "anonymous")
        throw new EntrepotError("misconfigured", `${service} answers nobody who is anonymous`, {
          hint: "choose a profile, or give credentials",
        });
      const { method, url, headers = {}, body = new Uint8Array() } = question;
      const payloadHash = hash("sha256", body);
      const signable = { method, host: url.host, path: url.pathname, query: "", headers, payloadHash };
      const signed = new Signer(given, region, service).sign(signable, systemClock.now());
      return ask({ ...question, headers: signed });
    },
    async region() {
      const { region } = await access();
      if (region !== undefined) return region;
      throw new EntrepotError("misconfigured", "nobody says which region is meant", {
        hint: 'set region: "eu-central-1", or AWS_REGION',
      });
    },
    hostOf: (service, region) => `${service}.${region}.${partitionOf(region).suffix}`,
    close: () => opened.close(),
  };
}
