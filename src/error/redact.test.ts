import { describe, expect, test } from "vitest";
import { hostile } from "../../tests/hostile-inputs.ts";
import { redact } from "./index.ts";

const [accessKey = "", secret = "", token = "", signature = "", credential = "", dsn = "", sseKey = ""] =
  hostile.secret_canaries;

describe("no canary comes through", () => {
  const places: readonly (readonly [canary: string, text: string])[] = [
    [accessKey, `the key ${accessKey} does not exist`],
    [accessKey, `<AWSAccessKeyId>${accessKey}</AWSAccessKeyId>`],
    [accessKey, `Credential=${accessKey}/20261122/us-east-1/s3/aws4_request, SignedHeaders=host`],
    [accessKey, JSON.stringify({ accessKeyId: accessKey })],
    [secret, `aws_secret_access_key = ${secret}`],
    [secret, `AWS_SECRET_ACCESS_KEY=${secret}`],
    [secret, `AWS_ACCESS_KEY_SECRET=${secret}\nnext`],
    [secret, `{ secretAccessKey: '${secret}' }`],
    [secret, JSON.stringify({ SecretAccessKey: secret })],
    [secret, JSON.stringify(JSON.stringify({ SecretAccessKey: secret }))],
    [secret, `<SecretAccessKey>${secret}</SecretAccessKey>`],
    [secret, `--secret-key x --secret=${secret}`],
    [secret, `password: "${secret} with spaces"`],
    [token, `aws_session_token=${token}`],
    [token, `x-amz-security-token: ${token}`],
    [token, JSON.stringify({ SessionToken: token, sessionToken: token, "x-amz-security-token": token })],
    [token, `Authorization: Bearer ${token}`],
    [token, `sent Bearer ${token} to it`],
    [token, `https://h/p?X-Amz-Security-Token=${token}&x=1`],
    [signature, `https://b.s3.amazonaws.com/k?${credential}&${signature}`],
    [signature, `?${signature}`],
    ["canary0004", `AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=canary0004`],
    ["canary0004", "http://h/container?sv=1&sig=canary0004"],
    ["canary0005", `${credential}%2F20261122`],
    ["pwcanary6", `cannot reach ${dsn}`],
    ["pwcanary6", "https://user:p@wcanary6@host/".replace("p@w", "p@pw")],
    [sseKey, `x-amz-server-side-encryption-customer-key: ${sseKey}`],
    [sseKey, `x-amz-copy-source-server-side-encryption-customer-key=${sseKey}`],
    [sseKey, JSON.stringify({ SSECustomerKey: sseKey })],
    ["canary", "<CanonicalRequest>GET\n/canary\n</CanonicalRequest><StringToSign>canary</StringToSign>"],
  ];

  test.each(places)("%s in %j", (canary, text) => {
    expect(text).toContain(canary);
    const clean = redact(text);
    expect(clean).not.toContain(canary);
    expect(clean).toContain("REDACTED");
    expect(redact(clean)).toBe(clean);
  });
});

test.each([
  "s3://bucket/secrets/token/password.csv",
  "s3://arn:aws:s3:us-west-2:123456789012:accesspoint/name/key@x",
  "s3://bucket/a:b@c?versionId=3/L4kqt",
  "http://127.0.0.1:9000/bucket/a@b",
  "Unexpected token: } at line 3",
  "the continuation-token is missing",
  "x-amz-server-side-encryption-customer-key-md5: abc",
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "Basic understanding of credentials",
])("what is no secret stays: %s", (text) => expect(redact(text)).toBe(text));

test.each([
  ["http:// repeated", "http://".repeat(10_000)],
  ["an opening tag repeated", "<StringToSign>".repeat(5_000)],
  ["a scheme repeated", "a-".repeat(40_000)],
  ["white space", `secret${" ".repeat(80_000)}`],
  ["a name repeated", "secret=".repeat(10_000)],
])("a long hostile text takes no long time: %s", (_, text) => {
  const started = performance.now();
  redact(text);
  expect(performance.now() - started).toBeLessThan(1_000);
});
