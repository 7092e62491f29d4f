import { describe, expect, it } from "vitest";
import { printable, printableLines } from "./escape.ts";

describe("text from elsewhere", () => {
  it.each([
    ["a colour", "\u001b[31mred", "\\x1b[31mred"],
    ["the one-byte form of the same", "\u009b31m", "\\x9b31m"],
    ["a reversed name", "\u202egpj.exe", "\\u{202e}gpj.exe"],
    ["an isolate", "a\u2066b\u2069", "a\\u{2066}b\\u{2069}"],
    ["a line end", "a\r\nb", "a\\r\\nb"],
    ["a title of the window", "\u001b]0;x\u0007", "\\x1b]0;x\\x07"],
    ["a zero byte", "a\0b", "a\\0b"],
    ["DEL", "\u007f", "\\x7f"],
    ["a name that is not there", "a\u200bb", "a\\u{200b}b"],
    ["a byte order mark", "\ufeffa", "\\u{feff}a"],
    ["a line separator", "a\u2028b", "a\\u{2028}b"],
    ["invisible tags", "a\u{e0041}", "a\\u{e0041}"],
    ["half a character", "\ud800", "\\u{d800}"],
  ])("is shown as what it is: %s", (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it.each(["a b", "é", "e\u0301", "ß", "日本", "😀", "$(id)", "a\\b", "-rf", "ﬀ"])("stays %s", (text) => {
    expect(printable(text)).toBe(text);
  });

  it("keeps the line ends of a message, and nothing else", () => {
    expect(printableLines("a\n\u001b[2Jb")).toBe("a\n\\x1b[2Jb");
  });
});
