/** Set-ups with programs, containers and machines, and what they lead to. */
import { type CredentialCase, keys, printed, printing } from "./credential-case.fixture.ts";

export const machineCases: readonly CredentialCase[] = [
  { name: "a process", profile: "p", config: `[profile p]\n${printing(printed("P"))}`, gives: "P" },
  {
    name: "a process before keys in the config file",
    profile: "p",
    config: `[profile p]\n${printing(printed("P"))}${keys("C")}`,
    gives: "P",
  },
  {
    name: "keys in the credentials file before a process",
    profile: "p",
    config: `[profile p]\n${printing(printed("P"))}`,
    credentials: `[p]\n${keys("C")}`,
    gives: "C",
  },
  {
    name: "a process in the credentials file",
    profile: "p",
    credentials: `[p]\n${printing(printed("P"))}`,
    gives: "P",
  },
  {
    name: "a process of another version",
    profile: "p",
    config: `[profile p]\n${printing('{"Version": 2}')}`,
    gives: ["misconfigured", /Version/],
  },
  {
    name: "a process that says something else",
    profile: "p",
    config: "[profile p]\ncredential_process = /bin/echo hello\n",
    gives: ["misconfigured", /no JSON/],
  },
  {
    name: "a process that fails",
    profile: "p",
    config: `[profile p]\ncredential_process = /bin/sh -c "echo run login first >&2; exit 3"\n`,
    gives: ["unauthenticated", /exit code 3: run login first/],
  },
  {
    name: "a process that is not there",
    profile: "p",
    config: "[profile p]\ncredential_process = /nowhere/at-all\n",
    gives: ["misconfigured", /installed/],
  },
  {
    name: "a process with an open quote",
    profile: "p",
    config: `[profile p]\ncredential_process = /bin/echo "x\n`,
    gives: ["misconfigured", /quote/],
  },
  { name: "the container", env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{at}/container" }, gives: "CONTAINER" },
  {
    name: "the container with a token",
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "{at}/container/private",
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "container-token",
    },
    gives: "CONTAINER",
  },
  {
    name: "the container with a token file",
    env: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "{at}/container/private",
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "wrong",
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "/t",
    },
    files: { "/t": "container-token" },
    gives: "CONTAINER",
  },
  {
    name: "the container with a wrong token",
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{at}/container/private", AWS_CONTAINER_AUTHORIZATION_TOKEN: "wrong" },
    gives: ["unauthenticated", /AUTHORIZATION_TOKEN/],
  },
  {
    name: "a stranger who says he is the container",
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://203.0.113.1/" },
    gives: ["misconfigured", /203\.0\.113\.1/],
  },
  {
    name: "keys before the container",
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{at}/container" },
    credentials: `[default]\n${keys("D")}`,
    gives: "D",
  },
  {
    name: "the container after a profile that holds none",
    profile: "x",
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: "{at}/container" },
    config: "[profile x]\nregion = a\n",
    gives: "CONTAINER",
  },
  { name: "the machine", gives: "MACHINE" },
  {
    name: "no machine to ask",
    env: { AWS_EC2_METADATA_DISABLED: "true" },
    gives: ["unauthenticated", /anonymous: true/],
  },
  {
    name: "a machine that does not answer",
    env: { AWS_EC2_METADATA_SERVICE_ENDPOINT: "http://127.0.0.1:9" },
    gives: ["unauthenticated", /no metadata service/],
  },
];
