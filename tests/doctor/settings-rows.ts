/** Settings with no meaning, settings that contradict each other, and addresses that are none. */
import { chown, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Row } from "./row.ts";
import { canaries } from "./stage.ts";

const endpoint = (url: string) => ({ AWS_ENDPOINT_URL_S3: url });
const toAws = { AWS_ENDPOINT_URL_S3: undefined };

export const settingsRows: readonly Row[] = [
  {
    name: "an endpoint without a scheme",
    env: endpoint("minio.example:9000"),
    finds: "s3.host",
    code: "misconfigured",
    value: /not an http or https URL/,
    hint: /Write it as https:\/\/host/,
  },
  {
    name: "an endpoint with a path",
    env: endpoint("https://minio.example/bucket"),
    finds: "s3.host",
    code: "misconfigured",
    hint: /scheme, host and port only/,
  },
  {
    name: "an endpoint with a password",
    env: endpoint(`https://u:${canaries.proxyPassword}@minio.example`),
    finds: "s3.host",
    code: "misconfigured",
    hint: /Credentials go into the environment or a profile/,
  },
  {
    name: "http to another machine",
    env: endpoint("http://minio.example:9000"),
    finds: "s3.host",
    code: "misconfigured",
    value: /not encrypted/,
    hint: /Use https, or set --allow-insecure-endpoint/,
  },
  {
    name: "an endpoint where machines keep their credentials",
    env: endpoint("http://169.254.169.254"),
    finds: "s3.host",
    code: "misconfigured",
    value: /keep their credentials/,
    hint: /Name the S3 server's own address/,
  },
  {
    name: "virtual addressing at an IP address",
    args: ["--addressing", "virtual"],
    finds: "s3.host",
    code: "misconfigured",
    hint: /add --addressing path/,
  },
  {
    name: "FIPS in China",
    env: { ...toAws, AWS_REGION: "cn-north-1", AWS_USE_FIPS_ENDPOINT: "true" },
    address: null,
    finds: "s3.host",
    code: "misconfigured",
    value: /no FIPS endpoints in cn-north-1/,
    hint: /Leave out fips/,
  },
  {
    name: "FIPS at an endpoint of one's own",
    env: { AWS_USE_FIPS_ENDPOINT: "true" },
    finds: "s3.host",
    code: "misconfigured",
    hint: /Leave out one of them/,
  },
  {
    name: "dual-stack: yes",
    env: { AWS_USE_DUALSTACK_ENDPOINT: "yes" },
    address: null,
    finds: "s3",
    code: "misconfigured",
    value: /AWS_USE_DUALSTACK_ENDPOINT is "yes"/,
    hint: /Make it true or false/,
  },
  {
    name: "a region that is none",
    env: { ...toAws, AWS_REGION: "eu central 1" },
    address: null,
    finds: "s3.host",
    code: "misconfigured",
    value: /the region "eu central 1" is not one/,
    hint: /written like eu-central-1/,
  },
  {
    name: "an addressing_style that is none",
    files: { ".aws/config": "[default]\ns3 =\n  addressing_style = host\n" },
    address: null,
    finds: "s3",
    code: "misconfigured",
    value: /config:3: addressing_style/,
    hint: /path, virtual or auto/,
  },
  {
    name: "a checksum mode that is none",
    env: { AWS_REQUEST_CHECKSUM_CALCULATION: "never" },
    address: null,
    finds: "s3",
    code: "misconfigured",
    hint: /when_supported or when_required/,
  },
  {
    name: "an env file that is not there",
    env: { ENTREPOT_ENV_FILE: "/no/such/env" },
    finds: "settings",
    code: "misconfigured",
    value: /\/no\/such\/env does not exist/,
    hint: /correct ENTREPOT_ENV_FILE/,
  },
  {
    name: "a cache mode with no meaning",
    env: { ENTREPOT_CACHE_MODE: "rw" },
    finds: "settings",
    code: "misconfigured",
    value: /ENTREPOT_CACHE_MODE/,
    hint: /correct ENTREPOT_CACHE_MODE, or unset it/,
  },
  {
    name: "a network switch with no meaning",
    env: { ENTREPOT_NETWORK: "off" },
    finds: "settings",
    code: "misconfigured",
    value: /ENTREPOT_NETWORK/,
    hint: /correct ENTREPOT_NETWORK, or unset it/,
  },
  {
    name: "a location without a root",
    env: { ENTREPOT_LOCATION: "cloud" },
    finds: "settings",
    code: "misconfigured",
    value: /location "cloud" has no root/,
    hint: /^give it one: ENTREPOT_ROOT_CLOUD/,
  },
  {
    name: "one slash too few",
    address: "s3:/b/k.txt",
    finds: "address",
    value: /s3:\/b/,
    hint: /s3:\/\/b\/k\.txt/,
  },
  {
    name: "a drive letter",
    address: "C:\\data\\k.txt",
    finds: "address.written",
    value: /C:/,
    hint: /drive letters and backslashes mean nothing here/,
  },
  {
    name: "a CA file that is not there",
    env: { AWS_CA_BUNDLE: "/no/such/ca.pem" },
    finds: "s3",
    code: "misconfigured",
    value: /AWS_CA_BUNDLE names \/no\/such\/ca\.pem/,
    hint: /Name a file with certificates in PEM form/,
  },
  {
    name: "a CA file without a certificate",
    sameFix: true,
    prepare: async (stage) => ({ AWS_CA_BUNDLE: await stage.file("ca.pem", "no certificate here") }),
    finds: "s3",
    code: "misconfigured",
    value: /no certificate/,
    hint: /in PEM form in AWS_CA_BUNDLE, or leave it out/,
  },
  {
    name: "a proxy that speaks SOCKS",
    env: { HTTPS_PROXY: `socks5://u:${canaries.proxyPassword}@127.0.0.1:1080` },
    finds: "settings",
    code: "misconfigured",
    value: /speaks socks5/,
    hint: /http:\/\/host:port/,
  },
  {
    name: "a proxy whose password holds a bare %",
    env: { HTTPS_PROXY: `http://u:${canaries.proxyPassword}%@127.0.0.1:1080` },
    finds: "settings",
    code: "misconfigured",
    hint: /Write a % in it as %25/,
  },
  {
    name: "a cache folder that is a file",
    prepare: async (stage) => ({ ENTREPOT_CACHE_DIR: await stage.file("cache", "x") }),
    address: null,
    finds: "cache.folder",
    code: "misconfigured",
    hint: /remove it, or set ENTREPOT_CACHE_DIR/,
  },
  {
    name: "a cache folder of another user",
    asRoot: true,
    prepare: async (stage) => {
      const dir = join(stage.home, "theirs");
      await mkdir(dir, { mode: 0o755 });
      await chown(dir, 12_345, 12_345);
      return { ENTREPOT_CACHE_DIR: dir };
    },
    address: null,
    finds: "cache.folder",
    value: /owner 12345, who is not you/,
    hint: /a folder of your own/,
  },
  {
    name: "a cache folder below a file",
    prepare: async (stage) => {
      await writeFile(join(stage.home, "file"), "x");
      return { ENTREPOT_CACHE_DIR: join(stage.home, "file/cache") };
    },
    address: null,
    finds: "cache.folder",
    code: "misconfigured",
    value: /cannot be made: .*file is no folder/,
    hint: /ENTREPOT_CACHE_DIR to a folder that can be made/,
  },
];
