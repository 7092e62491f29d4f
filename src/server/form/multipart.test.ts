import { describe, expect, test } from "vitest";
import { S3Error } from "../errors.ts";
import { formBoundary, maxFieldsBytes, readForm } from "./multipart.ts";

const file = (content: string, disposition = 'form-data; name="file"; filename="a.txt"') =>
  `--b\r\nContent-Disposition: ${disposition}\r\nContent-Type: text/plain\r\n\r\n${content}\r\n`;
const field = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

async function* cut(text: string, pieceBytes: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function read(text: string, pieceBytes = 1000) {
  const { fields, filename, file: content } = await readForm(cut(text, pieceBytes), "b");
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return {
    fields: fields.map(({ name, value }) => `${name}=${value}`),
    filename,
    file: Buffer.concat(pieces).toString(),
  };
}

async function codeOf(reading: Promise<unknown>): Promise<string> {
  return await reading.then(
    () => "accepted",
    (error: unknown) => (error instanceof S3Error ? error.code : Promise.reject(error)),
  );
}

// What nearly is a boundary is content.
const tricky = "line\r\n--\r\n-b\r\n--\r--b\n\r\n";

test.each([1, 2, 3, 7, 64, 10_000])("a form comes out whole however it is cut: every %d bytes", async (pieceBytes) => {
  const form = `${field("key", "a/$\u007bfilename}")}${field("x-amz-meta-é", "ü")}${field("empty", "")}${file(tricky)}--b--\r\n`;
  expect(await read(form, pieceBytes)).toEqual({
    fields: ["key=a/$\u007bfilename}", "x-amz-meta-é=ü", "empty="],
    filename: "a.txt",
    file: tricky,
  });
});

describe("what follows the file", () => {
  test("is not looked at, when it is a field or no part of the form at all", async () => {
    expect(await read(`${file("x")}${field("submit", "Upload")}--b--\r\ntail`)).toMatchObject({
      fields: [],
      file: "x",
    });
    expect(await read(`${file("x")}--b--`)).toMatchObject({ file: "x" });
  });

  test("may not be a second file", async () => {
    expect(await codeOf(read(`${file("x")}${file("y")}--b--\r\n`))).toBe("InvalidArgument");
  });
});

test.each<[string, string, string | undefined]>([
  ["a file without a name has none", 'form-data; name="file"', undefined],
  ["a file may be called nothing", 'form-data; name="file"; filename=""', ""],
  ["names may be bare words", "form-data; name=file; filename=a.txt", "a.txt"],
  ["a quote in a name is escaped", 'form-data; name="file"; filename="a\\"b"', 'a"b'],
  ["a backslash is one of a path", 'form-data; name="file"; filename="C:\\dir\\a.txt"', "C:\\dir\\a.txt"],
])("%s", async (_what, disposition, filename) => {
  expect((await read(`${file("x", disposition)}--b--\r\n`)).filename).toBe(filename);
});

test.each<[string, string, string]>([
  ["MalformedPOSTRequest", "another boundary", `${field("a", "b").replaceAll("--b", "--c")}`],
  ["MalformedPOSTRequest", "text before the first boundary", `text\r\n${file("x")}--b--\r\n`],
  ["MalformedPOSTRequest", "lines that end in LF", `${file("x")}--b--\r\n`.replaceAll("\r\n", "\n")],
  ["MalformedPOSTRequest", "a part without a name", `${file("x", "form-data")}--b--\r\n`],
  ["MalformedPOSTRequest", "a part of another kind", `${file("x", 'attachment; name="file"')}--b--\r\n`],
  ["MalformedPOSTRequest", "a header that is none", `--b\r\nnothing\r\n\r\nx\r\n--b--\r\n`],
  ["MalformedPOSTRequest", "an end before the end", file("x").slice(0, -1)],
  ["MalformedPOSTRequest", "a field that does not end", field("a", "b").slice(0, -2)],
  ["InvalidArgument", "no file", `${field("key", "x")}--b--\r\n`],
  ["InvalidArgument", "a file of another name", `${file("x", 'form-data; name="upload"; filename="x"')}--b--\r\n`],
  ["MaxPostPreDataLengthExceeded", "fields that are too long", `${field("a", "x".repeat(maxFieldsBytes))}${file("x")}`],
  ["accepted", "a file that is long", `${file("x".repeat(maxFieldsBytes * 2))}--b--\r\n`],
])("%s: %s", async (code, _what, form) => {
  expect(await codeOf(read(form))).toBe(code);
  expect(await codeOf(read(form, 100_000))).toBe(code);
});

test("a field without an end is read no further than fields may go", async () => {
  let pieces = 0;
  const endless = (async function* () {
    yield Buffer.from('--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n');
    for (; ; pieces++) yield Buffer.alloc(1024, "x");
  })();
  expect(await codeOf(readForm(endless, "b"))).toBe("MaxPostPreDataLengthExceeded");
  expect(pieces).toBeLessThan(25);
});

test("the boundary is taken from the content type, bare or in quotes", () => {
  expect(formBoundary("multipart/form-data; boundary=----x1")).toBe("----x1");
  expect(formBoundary('Multipart/Form-Data; charset=utf-8; boundary="a b:c"')).toBe("a b:c");
  expect([formBoundary("application/json"), formBoundary(undefined)]).toEqual([undefined, undefined]);
  for (const broken of ["", "; boundary=", `; boundary=${"x".repeat(71)}`, '; boundary="a "']) {
    expect(() => formBoundary(`multipart/form-data${broken}`)).toThrow(
      expect.objectContaining({ code: "MalformedPOSTRequest" }),
    );
  }
});
