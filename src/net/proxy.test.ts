import { expect, test } from "vitest";
import { chooseProxy } from "./choose-proxy.ts";
import { parseProxy } from "./proxy.ts";

test.each([
  ["http://proxy:3128", { protocol: "http:", hostname: "proxy", port: 3128 }],
  ["proxy:3128", { protocol: "http:", hostname: "proxy", port: 3128 }],
  ["proxy.example.org", { protocol: "http:", hostname: "proxy.example.org", port: 80 }],
  ["https://proxy", { protocol: "https:", hostname: "proxy", port: 443 }],
  ["HTTP://proxy:8080/", { protocol: "http:", hostname: "proxy", port: 8080 }],
  ["http://[::1]:3128", { protocol: "http:", hostname: "::1", port: 3128 }],
  ["http://127.0.0.1:3128", { protocol: "http:", hostname: "127.0.0.1", port: 3128 }],
])("%s names a proxy", (text, expected) => {
  expect(parseProxy(text, "HTTPS_PROXY")).toMatchObject({ ...expected, authorization: undefined });
});

test.each(["http://us%40er:p%3Aw@proxy:1", "us%40er:p%3Aw@proxy:1"])(
  "the password of %s is for the proxy and not for messages",
  (text) => {
    const proxy = parseProxy(text, "HTTPS_PROXY");
    expect(proxy.authorization).toBe(`Basic ${Buffer.from("us@er:p:w").toString("base64")}`);
    expect(proxy.shown).toBe("http://proxy:1");
  },
);

test.each([
  ["socks5://u:pwcanary@proxy:1080", "socks5"],
  ["socks5h://proxy", "socks5h"],
  ["ftp://proxy", "ftp"],
  ["http://", "HTTPS_PROXY"],
  ["http://pro xy:1", "HTTPS_PROXY"],
  ["http://u:%zz@proxy", "percent"],
])("%s is misconfigured, and says who named it", (text, word) => {
  const parse = () => parseProxy(text, "HTTPS_PROXY");
  expect(parse).toThrow(expect.objectContaining({ code: "misconfigured", message: expect.stringContaining(word) }));
  expect(parse).toThrow(expect.objectContaining({ message: expect.stringContaining("HTTPS_PROXY") }));
  expect(parse).toThrow(expect.not.objectContaining({ message: expect.stringContaining("pwcanary") }));
});

const https = parseProxy("http://secure:1", "HTTPS_PROXY");
const http = parseProxy("http://plain:1", "HTTP_PROXY");

test("each scheme has its own proxy, and without one there is no rule to ask", () => {
  const proxyOf = chooseProxy({ https, http });
  expect(proxyOf?.("https://s3.example.org")).toBe(https);
  expect(proxyOf?.("http://s3.example.org:9000")).toBe(http);
  expect(chooseProxy({ https })?.("http://s3.example.org")).toBeUndefined();
  expect(chooseProxy({ except: "*" })).toBeUndefined();
});

test.each([
  "http://127.0.0.1:9000",
  "http://127.9.9.9",
  "https://localhost",
  "http://b.localhost:9000",
  "http://[::1]:9000",
  "http://169.254.169.254",
  "http://169.254.170.2",
  "http://[fd00:ec2::254]",
  "http://[fe80::1]",
])("%s is never asked by way of a proxy", (origin) => {
  expect(chooseProxy({ https, http })?.(origin)).toBeUndefined();
});

test.each([
  ["*", "https://a.example.org", true],
  ["example.org", "https://example.org", true],
  ["example.org", "https://a.b.example.org", true],
  ["example.org", "https://badexample.org", false],
  [".example.org", "https://a.example.org", true],
  [".example.org", "https://example.org", true],
  ["*.example.org", "https://a.example.org", true],
  ["EXAMPLE.org", "https://example.ORG", true],
  ["example.org.", "https://example.org", true],
  ["example.org", "https://example.org.", true],
  ["example.org:8443", "https://example.org:8443", true],
  ["example.org:8443", "https://example.org", false],
  ["example.org:443", "https://example.org", true],
  ["example.org:80", "http://example.org", true],
  ["a, b c,,d", "https://c", true],
  ["a,b", "https://c", false],
  ["10.0.0.1", "http://10.0.0.1:9000", true],
  ["10.0.0.1", "http://10.0.0.11:9000", false],
  ["10.0.0.0/8", "http://10.200.3.4", true],
  ["10.0.0.0/8", "http://11.0.0.1", false],
  ["10.0.0.0/8", "http://10.example.org", false],
  ["10.0.0.0/33", "http://10.0.0.1", false],
  ["192.0.2.7:9000", "http://192.0.2.7:9000", true],
  ["192.0.2.7:9000", "http://192.0.2.7", false],
  ["2001:db8::1", "https://[2001:db8:0::1]", true],
  ["[2001:db8::1]", "https://[2001:db8::1]", true],
  ["[2001:db8::1]:9000", "https://[2001:db8::1]:9000", true],
  ["[2001:db8::1]:9000", "https://[2001:db8::1]", false],
  ["2001:db8::/32", "https://[2001:db8:1::2]", true],
  ["2001:db8::/32", "https://[2001:db9::2]", false],
  ["::1/128", "https://[2001:db8::1]", false],
  ["10.0.0.0/8", "http://[::ffff:10.1.2.3]", true],
  ["0.0.0.0/0", "http://192.0.2.1", true],
  ["0.0.0.0/0", "https://name.example", false],
  ["::/0", "https://[2001:db8::1]", true],
  ["10.0.0.300", "http://10.0.0.30", false],
  ["", "https://a", false],
  [".", "https://a", false],
])("NO_PROXY=%s and %s: direct is %s", (except, origin, direct) => {
  expect(chooseProxy({ https, http, except })?.(origin) === undefined).toBe(direct);
});
