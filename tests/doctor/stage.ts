/** A user's machine in small: a home folder, an S3 server, the services that give credentials; and the command, run in this process. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runCommandLine } from "../../src/cli/index.ts";
import { MemoryStorage, type RunningS3Server, type S3ServerSettings, startServer } from "../../src/server/index.ts";
import { type Services, startServices } from "../aws-services.ts";

/** Seven kinds of secrets, and a part of each that no other text holds. */
export const canaries = {
  secretKey: "SecretCanary/00000000000000000000000002",
  sessionToken: "SessionTokenCanary0003",
  ssoAccessToken: "SsoAccessCanary0004",
  ssoRefreshToken: "SsoRefreshCanary0005",
  proxyPassword: "pwcanary6",
  customerKey: Buffer.from("CustomersKeyCanary00000000000007").toString("base64"),
  processOutput: "ProcessCanary0000000000000000008",
  webIdentityToken: "JwtCanary0009",
} as const;
/** Signed on the way, and just as little for anybody's eyes. */
export const leaked: RegExp = new RegExp(
  [...Object.values(canaries), "secret-of-", "token-of-", "client-secret"]
    .map((text) => text.replace(/[+/]/g, "\\$&"))
    .join("|"),
  "i",
);

export const keys = { accessKeyId: "CANARYKEY1234", secretAccessKey: canaries.secretKey };

export interface Scripted {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Stage {
  readonly home: string;
  readonly s3: RunningS3Server;
  readonly services: Services;
  /** Closed at the end. */
  readonly use: <T extends AsyncDisposable>(opened: T) => T;
  /** A server that answers as told. */
  readonly answering: (answer: (request: IncomingMessage) => Scripted) => Promise<string>;
  readonly serve: (settings: Partial<S3ServerSettings>) => Promise<RunningS3Server>;
  readonly file: (name: string, text: string, mode?: number) => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const home = await mkdtemp(join(tmpdir(), "entrepot-doctor-"));
  const services = await startServices();
  services.expiresMs = Date.now() + 3_600_000;
  const closing: AsyncDisposable[] = [services];
  const use = <T extends AsyncDisposable>(opened: T): T => {
    closing.push(opened);
    return opened;
  };
  const serve = async (settings: Partial<S3ServerSettings>) => {
    const server = await startServer({
      storage: new MemoryStorage(),
      credentials: [keys],
      buckets: ["b"],
      ...settings,
    });
    use({ [Symbol.asyncDispose]: () => server.close() });
    return server;
  };
  return {
    home,
    services,
    use,
    serve,
    s3: await serve({}),
    async answering(answer) {
      const server = createServer((request, response) => {
        request.resume();
        const { status, headers, body = "" } = answer(request);
        response.writeHead(status, headers).end(request.method === "HEAD" ? "" : body);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      use({
        async [Symbol.asyncDispose]() {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async file(name, text, mode = 0o600) {
      const path = join(home, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      await chmod(path, mode);
      return path;
    },
    async close() {
      await Promise.all(closing.map((each) => each[Symbol.asyncDispose]()));
      await rm(home, { recursive: true, force: true });
    },
  };
}

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the environment holds where nothing is broken; `undefined` takes away. */
export function usualEnv({ home, s3, services }: Stage): Record<string, string | undefined> {
  return {
    HOME: home,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ENDPOINT_URL_STS: services.origin,
    AWS_ENDPOINT_URL_SSO: services.origin,
    AWS_ENDPOINT_URL_SSO_OIDC: services.origin,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** Without keys in the environment, so that files and services decide. */
export const noKeys = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

/** Runs `entrepot ...args` in this process. */
export async function run(
  stage: Stage,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<Said> {
  const said = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof said) => ({
    write(chunk: string | Uint8Array) {
      said[name] += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      return true;
    },
    once: () => undefined,
    off: () => undefined,
    on: () => undefined,
  });
  const code = await runCommandLine(args, {
    env,
    workingFolder: stage.home,
    stdin: (async function* () {})(),
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    signal: new AbortController().signal,
  });
  return { code, ...said };
}
