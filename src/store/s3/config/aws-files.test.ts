import { expect, test } from "vitest";
import { parseAwsFile } from "./aws-files.ts";

const settingsOf = (text: string) => ({ ...parseAwsFile(text).bare.get("x")?.settings });

test.each([
  ["names are in lower case, values as they are", "[x]\nREGION = EU", { region: "EU" }],
  ["a value may hold both delimiters", "[x]\na = b=c:d", { a: "b=c:d" }],
  ["the first delimiter counts", "[x]\nurl: https://h/?a=b", { url: "https://h/?a=b" }],
  ["a comment has a blank before it", "[x]\na = b#c ;d", { a: "b#c" }],
  [
    "a command keeps its # and its next line",
    "[x]\ncredential_process = run # it\n   now",
    { credential_process: "run # it now" },
  ],
  ["an indented block", "[x]\ns3 =\n  a = b\n\tc = d=e\nf = g", { s3: "", "s3.a": "b", "s3.c": "d=e", f: "g" }],
  ["a block in an indented section", "[x]\n  s3 =\n    a = b\n  f = g", { s3: "", "s3.a": "b", f: "g" }],
  ["an empty setting has no block below", "[x]\na =\nb = c", { a: "", b: "c" }],
  ["lines that mean nothing are passed over", "y = z\n[x]\nhello\na = b", { a: "b" }],
  ["the later of two settings counts", "[x]\na = b\n[y]\n[x]\na = c", { a: "c" }],
  [
    "names that JavaScript knows are names",
    "[x]\n__proto__ = a\nconstructor = b",
    JSON.parse('{"__proto__":"a","constructor":"b"}'),
  ],
  ["old line ends", "[x]\ra = b\r", { a: "b" }],
])("%s", (_name, text, settings) => expect(settingsOf(text)).toEqual(settings));

test.each([
  ["[profile x]", "profiles"],
  ["[ profile\tx ]", "profiles"],
  ['[profile "x"]', "profiles"],
  ["[profile 'x']", "profiles"],
  ["[x] # mine", "bare"],
  ["[sso-session x]", "ssoSessions"],
  ["[services x]", "services"],
] as const)("%s is one of the %s", (header, kind) => {
  expect([...parseAwsFile(`${header}\na = b`)[kind].keys()]).toEqual(["x"]);
});

test("each setting knows its line, and the section its first", () => {
  const section = parseAwsFile("\n[x]\na = 1\n\ns3 =\n  b = 2\n[y]\n[x]\nc = 3").bare.get("x");
  expect(section?.line).toBe(2);
  expect({ ...section?.lines }).toEqual({ a: 3, s3: 5, "s3.b": 6, c: 9 });
});
