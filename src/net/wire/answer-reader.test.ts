/** Answers as bytes, whole and cut anywhere. */
import { describe, expect, test } from "vitest";
import { NotHttp } from "../failure.ts";
import type { AnswerHead } from "./answer-head.ts";
import { type AnswerListener, AnswerReader } from "./answer-reader.ts";

class Noting implements AnswerListener {
  paused = false;
  /** Hold back after each piece. */
  holds = false;
  heads: AnswerHead[] = [];
  body = "";
  ends = 0;
  onHead(head: AnswerHead): void {
    this.heads.push(head);
  }
  onData(piece: Uint8Array): void {
    this.body += Buffer.from(piece).toString("latin1");
    this.paused = this.holds;
  }
  onEnd(): void {
    this.ends += 1;
  }
}

/** Reads one answer that comes in pieces of `size` bytes. */
function readIn(text: string, size: number, { isHead = false, holds = false } = {}): Noting {
  const listener = new Noting();
  listener.holds = holds;
  const reader = new AnswerReader(listener);
  reader.begin(isHead);
  for (let start = 0; start < text.length; start += size) {
    const bytes = Buffer.from(text.slice(start, start + size), "latin1");
    let at = reader.read(bytes, 0, bytes.byteLength);
    while (listener.paused) {
      listener.paused = false;
      at = reader.read(bytes, at, bytes.byteLength);
    }
    expect(at).toBe(bytes.byteLength);
  }
  return listener;
}

const chunked =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6;x=y\r\n456789\r\n0\r\nTrailer: a\r\n\r\n";

test.each([
  ["a length", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789"],
  ["chunks and a trailer", chunked],
  [
    "an early hint before it",
    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 \r\nContent-Length:10\r\n\r\n0123456789",
  ],
])("an answer with %s is the same wherever it is cut, also where its reader holds back", (_name, text) => {
  for (let size = 1; size <= text.length; size++) {
    for (const holds of [false, true]) {
      const { heads, body, ends } = readIn(text, size, { holds });
      expect([heads.map(({ status }) => status), body, ends], `${size}`).toEqual([[200], "0123456789", 1]);
    }
  }
});

test("an answer to HEAD, 204 and 304 ends with its head, whatever length it names", () => {
  for (const [status, isHead] of [
    [200, true],
    [204, false],
    [304, false],
  ] as const) {
    const { ends, body } = readIn(`HTTP/1.1 ${status} x\r\nContent-Length: 10\r\n\r\n`, 1000, { isHead });
    expect([ends, body]).toEqual([1, ""]);
  }
});

test("reads no further than the end of the answer", () => {
  const listener = new Noting();
  const reader = new AnswerReader(listener);
  reader.begin(false);
  const bytes = Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 no");
  expect(bytes.toString("latin1", reader.read(bytes, 0, bytes.byteLength))).toBe("HTTP/1.1 500 no");
  expect(listener.ends).toBe(1);
});

describe("what could be read in two ways is no answer", () => {
  const ok = "HTTP/1.1 200 OK\r\n";
  test.each([
    ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["another version", "HTTP/2.0 200 OK\r\n\r\n"],
    ["no status", "HTTP/1.1 OK\r\n\r\n"],
    ["a change of protocol", "HTTP/1.1 101 Switching\r\n\r\n"],
    ["a line without a colon", `${ok}abc\r\n\r\n`],
    ["a blank before the colon", `${ok}Content-Length : 2\r\n\r\nok`],
    ["a continued line", `${ok}X: a\r\n b\r\n\r\n`],
    ["a bare carriage return", `${ok}X: a\rContent-Length: 2\r\n\r\n`],
    ["a bare line feed", `${ok}X: a\nContent-Length: 2\r\n\r\n`],
    ["a zero byte", `${ok}X: a\0\r\n\r\n`],
    ["two lengths, even the same", `${ok}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`],
    ["a list of lengths", `${ok}Content-Length: 2, 2\r\n\r\nok`],
    ["a signed length", `${ok}Content-Length: +2\r\n\r\nok`],
    ["a length and chunks", `${ok}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`],
    ["another coding", `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`],
    ["chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
    ["a chunk without a size", `${ok}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`],
    ["a signed chunk size", `${ok}Transfer-Encoding: chunked\r\n\r\n-1\r\n`],
    ["a chunk longer than its size", `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n`],
    ["a size line that ends in a bare line feed", `${ok}Transfer-Encoding: chunked\r\n\r\n2\nab\r\n`],
    ["a chunk's note that ends in a bare line feed", `${ok}Transfer-Encoding: chunked\r\n\r\n2;xy\nab\r\n`],
    ["a chunk's note without end", `${ok}Transfer-Encoding: chunked\r\n\r\n2;${"x".repeat(2000)}`],
    ["a head without end", `${ok}X: ${"a".repeat(17_000)}`],
    ["trailers without end", `${ok}Transfer-Encoding: chunked\r\n\r\n0\r\n${"X: a\r\n".repeat(5000)}`],
  ])("%s", (_name, text) => {
    expect(() => readIn(text, text.length)).toThrow(NotHttp);
    expect(() => readIn(text, 1)).toThrow(NotHttp);
  });
});

test("tells whether the connection stays open", () => {
  const keeps = (head: string) => readIn(`${head}\r\nContent-Length: 0\r\n\r\n`, 1000).heads[0]?.keepsOpen;
  expect(keeps("HTTP/1.1 200 OK")).toBe(true);
  expect(keeps("HTTP/1.1 200 OK\r\nConnection: X, Close")).toBe(false);
  expect(keeps("HTTP/1.0 200 OK")).toBe(false);
  expect(keeps("HTTP/1.0 200 OK\r\nConnection: keep-alive")).toBe(true);
});
