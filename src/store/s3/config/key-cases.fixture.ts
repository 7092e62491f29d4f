/** Set-ups with keys that stand somewhere, and what they lead to. */
import { type CredentialCase, env, keys } from "./credential-case.fixture.ts";

export const keyCases: readonly CredentialCase[] = [
  { name: "the environment", env: env("ENV"), gives: "ENV" },
  {
    name: "the environment before a profile that it names",
    env: { ...env("ENV"), AWS_PROFILE: "x" },
    credentials: `[x]\n${keys("X")}`,
    gives: "ENV",
  },
  {
    name: "a profile that is asked for before the environment",
    env: env("ENV"),
    profile: "x",
    credentials: `[x]\n${keys("X")}`,
    gives: "X",
  },
  {
    name: "AWS_PROFILE",
    env: { AWS_PROFILE: "x" },
    credentials: `[default]\n${keys("D")}[x]\n${keys("X")}`,
    gives: "X",
  },
  { name: "AWS_DEFAULT_PROFILE", env: { AWS_DEFAULT_PROFILE: "x" }, credentials: `[x]\n${keys("X")}`, gives: "X" },
  {
    name: "AWS_PROFILE before AWS_DEFAULT_PROFILE",
    env: { AWS_PROFILE: "x", AWS_DEFAULT_PROFILE: "y" },
    credentials: `[x]\n${keys("X")}[y]\n${keys("Y")}`,
    gives: "X",
  },
  { name: "the default profile", credentials: `[default]\n${keys("D")}`, gives: "D" },
  { name: "[default] in the config file", config: `[default]\n${keys("D")}`, gives: "D" },
  { name: "[profile x] in the config file", profile: "x", config: `[profile x]\n${keys("X")}`, gives: "X" },
  { name: "a bare [x] in the config file", profile: "x", config: `[x]\n${keys("X")}`, gives: "X" },
  {
    name: "[profile x] before a bare [x]",
    profile: "x",
    config: `[x]\n${keys("BARE")}[profile x]\n${keys("X")}`,
    gives: "X",
  },
  {
    name: "the credentials file before the config file",
    profile: "x",
    config: `[profile x]\n${keys("CONFIG")}`,
    credentials: `[x]\n${keys("X")}`,
    gives: "X",
  },
  {
    name: "files elsewhere",
    env: { AWS_SHARED_CREDENTIALS_FILE: "/a", AWS_CONFIG_FILE: "/b", AWS_PROFILE: "x" },
    files: { "/a": `[y]\n${keys("Y")}`, "/b": `[profile x]\n${keys("X")}` },
    gives: "X",
  },
  {
    name: "a file below ~",
    env: { AWS_SHARED_CREDENTIALS_FILE: "~/mine" },
    files: { "~/mine": `[default]\n${keys("D")}` },
    gives: "D",
  },
  {
    name: "a file below $HOME",
    env: { AWS_SHARED_CREDENTIALS_FILE: "$HOME/mine", HOME: "/h" },
    files: { "~/mine": `[default]\n${keys("D")}` },
    gives: "D",
  },
  {
    name: "colons instead of equals signs, and an indented section",
    credentials: "[default]\n  aws_access_key_id: D\n  aws_secret_access_key: secret-of-D\n",
    gives: "D",
  },
  {
    name: "carriage returns, a byte order mark and comments",
    credentials: `\uFEFF# mine\r\n[default]\r\n; old\r\naws_access_key_id=D\r\naws_secret_access_key=s\r\n`,
    gives: "D",
  },
  {
    name: "a section that comes twice",
    credentials: `[default]\naws_access_key_id=D\n[default]\naws_secret_access_key=s\n`,
    gives: "D",
  },
  {
    name: "half a pair in the environment",
    env: { AWS_ACCESS_KEY_ID: "ENV" },
    gives: ["misconfigured", /AWS_SECRET_ACCESS_KEY/],
  },
  {
    name: "the other half in the environment",
    env: { AWS_SECRET_ACCESS_KEY: "s" },
    credentials: `[default]\n${keys("D")}`,
    gives: "D",
  },
  {
    name: "half a pair in a file",
    credentials: "[default]\naws_access_key_id=D\n",
    config: "[default]\naws_secret_access_key=s\n",
    gives: ["misconfigured", /aws_secret_access_key/],
  },
  {
    name: "a profile that does not exist",
    profile: "taem",
    credentials: `[team]\n${keys("T")}`,
    gives: ["misconfigured", /team/],
  },
  {
    name: "an environment that has ended",
    env: { ...env("ENV"), AWS_CREDENTIAL_EXPIRATION: "2029-12-31T00:00:00Z" },
    gives: ["unauthenticated", /ended at 2029-12-31/],
  },
];
