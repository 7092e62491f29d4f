/** The way to the server: names, ports, certificates, proxies, and the switch. */
import { type Authority, makeAuthority } from "../certificates.ts";
import { startProxy } from "../proxy-server.ts";
import { startTlsServer } from "../tls-server.ts";
import type { Row } from "./row.ts";
import { canaries, type Stage } from "./stage.ts";

const hourMs = 3_600_000;
const trusted = makeAuthority();

async function overTls(stage: Stage, issue: (authority: Authority) => ReturnType<Authority["issue"]>): Promise<string> {
  const server = stage.use(await startTlsServer(issue(trusted), (_, outgoing) => outgoing.writeHead(404).end()));
  return `https://127.0.0.1:${server.port}`;
}

async function behindProxy(stage: Stage, authorization?: string, answer?: string) {
  const port = Number(new URL(stage.s3.endpoint).port);
  const proxy = stage.use(await startProxy({ portOf: () => port, authorization, answer }));
  return { AWS_ENDPOINT_URL_S3: "https://s3.example.test", proxy: `127.0.0.1:${proxy.port}` };
}

export const networkRows: readonly Row[] = [
  {
    name: "a certificate of an unknown authority",
    prepare: async (stage) => ({ AWS_ENDPOINT_URL_S3: await overTls(stage, (ca) => ca.issue(["127.0.0.1"])) }),
    finds: "HEAD",
    code: "unreachable",
    hint: /that authority's certificate in AWS_CA_BUNDLE \(/,
  },
  {
    name: "a certificate of another host",
    prepare: async (stage) => ({
      AWS_ENDPOINT_URL_S3: await overTls(stage, (ca) => ca.issue(["other.example"])),
      AWS_CA_BUNDLE: await stage.file("ca.pem", trusted.cert),
    }),
    finds: "HEAD",
    code: "unreachable",
    hint: /The certificate is for another host.*--addressing path/,
  },
  {
    name: "a certificate that has ended",
    prepare: async (stage) => ({
      AWS_ENDPOINT_URL_S3: await overTls(stage, (ca) =>
        ca.issue(["127.0.0.1"], { from: new Date(Date.now() - 48 * hourMs), to: new Date(Date.now() - 24 * hourMs) }),
      ),
      AWS_CA_BUNDLE: await stage.file("ca.pem", trusted.cert),
    }),
    finds: "HEAD",
    code: "unreachable",
    hint: /certificate has expired/,
  },
  {
    name: "https where http is spoken",
    prepare: async (stage) => ({ AWS_ENDPOINT_URL_S3: stage.s3.endpoint.replace("http:", "https:") }),
    finds: "HEAD",
    code: "unreachable",
    hint: /does not speak TLS: is it http:\/\//,
  },
  {
    name: "http where https is spoken",
    prepare: async (stage) => ({
      AWS_ENDPOINT_URL_S3: (await overTls(stage, (ca) => ca.issue(["127.0.0.1"]))).replace("https:", "http:"),
    }),
    finds: "HEAD",
    hint: /https/,
  },
  {
    name: "a host that nobody knows",
    env: { AWS_ENDPOINT_URL_S3: "https://no-such-host.invalid" },
    finds: "HEAD",
    code: "unreachable",
    hint: /spelling of the endpoint|No name server answers/,
  },
  {
    name: "a port where nothing listens",
    env: { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" },
    finds: "HEAD",
    code: "unreachable",
    value: /ECONNREFUSED/,
    hint: /Nothing listens there/,
  },
  {
    name: "a proxy that is not running",
    env: {
      AWS_ENDPOINT_URL_S3: "https://s3.example.test",
      HTTPS_PROXY: `http://u:${canaries.proxyPassword}@127.0.0.1:1`,
    },
    finds: "HEAD",
    code: "unreachable",
    value: /the proxy http:\/\/127\.0\.0\.1:1 \(HTTPS_PROXY\)/,
    hint: /Is HTTPS_PROXY right, and the proxy running\? .*unset HTTPS_PROXY/,
  },
  {
    name: "a proxy that wants a password",
    prepare: async (stage) => {
      const { proxy, ...env } = await behindProxy(stage, "Basic none");
      return { ...env, HTTPS_PROXY: `http://${proxy}` };
    },
    finds: "HEAD",
    code: "misconfigured",
    hint: /Write them before the host in HTTPS_PROXY/,
  },
  {
    name: "a proxy that wants another password",
    prepare: async (stage) => {
      const { proxy, ...env } = await behindProxy(stage, "Basic none");
      return { ...env, ALL_PROXY: `http://u:${canaries.proxyPassword}@${proxy}` };
    },
    finds: "HEAD",
    code: "unauthenticated",
    hint: /Correct them in ALL_PROXY/,
  },
  {
    name: "a proxy that forbids the host",
    prepare: async (stage) => {
      const { proxy, ...env } = await behindProxy(stage, undefined, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
      return { ...env, https_proxy: `http://u:${canaries.proxyPassword}@${proxy}` };
    },
    finds: "HEAD",
    code: "forbidden",
    hint: /The proxy's rules do not allow this host/,
  },
  {
    name: "a proxy that is a sign-in page",
    prepare: async (stage) => {
      const { proxy, ...env } = await behindProxy(stage, undefined, "HTTP/1.1 302 No\r\nContent-Length: 0\r\n\r\n");
      return { ...env, https_proxy: `http://${proxy}` };
    },
    finds: "HEAD",
    code: "protocol",
    hint: /a sign-in page: look at https_proxy/,
  },
  {
    name: "the network switched off",
    env: { ENTREPOT_NETWORK: "offline" },
    finds: "HEAD",
    code: "unreachable",
    hint: /ENTREPOT_NETWORK, or --offline/,
  },
];
