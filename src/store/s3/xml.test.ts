import { describe, expect, test } from "vitest";
import { readXml } from "./xml.ts";

function leaves(xml: string | Uint8Array): string[] {
  const found: string[] = [];
  readXml(xml, { close: (name, text, depth) => void found.push(`${depth} ${name}=${text}`) });
  return found;
}

test.each([
  ["text, in order", "<A><B>1</B><C>2</C></A>", ["1 B=1", "1 C=2", "0 A="]],
  ["namespaces and attributes", '<s:A xmlns:s="u>v" x=\'>\'><s:B t="1">x</s:B></s:A>', ["1 B=x", "0 A="]],
  [
    "entities, by name and number",
    "<A>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;&unknown;</A>",
    ["0 A=<&>\"'A😀&unknown;"],
  ],
  [
    "CDATA, comments, declarations",
    "<?xml version='1.0'?><!-- <x> --><A>a<![CDATA[<b>&amp;]]>c</A>",
    ["0 A=a<b>&amp;c"],
  ],
  ["empty elements", "<A><B/><C /><D></D></A>", ["1 B=", "1 C=", "1 D=", "0 A="]],
  ["numbers that stay text", "<A>0123</A>", ["0 A=0123"]],
  ["names that are dangerous", "<A><__proto__>x</__proto__></A>", ["1 __proto__=x", "0 A="]],
  ["blanks as they are", "<A> a \n</A>", ["0 A= a \n"]],
])("reads %s", (_name, xml, expected) => {
  expect(leaves(xml)).toEqual(expected);
});

describe("bytes are read in pieces", () => {
  const long = 40_000;
  test.each([
    ["text with characters of several bytes and with marks of its own", `<A>${"ä > 😀&gt; ".repeat(long)}</A>`],
    ["CDATA", `<A><B/><![CDATA[${"]>é]] &amp; ".repeat(long)}]]></A>`],
    ["a comment", `<A>1<!--${" -> <A> ü".repeat(long)}-->2</A>`],
    ["a declaration", `<?x ${"> 😀".repeat(long)}?><A>1</A>`],
    ["an attribute", `<A><B b="${"> ö".repeat(long)}">1</B></A>`],
    ["many elements", `<A>${"<B>€</B ><C c='>'/>".repeat(long)}</A>`],
  ])("%s", (_name, xml) => {
    expect(leaves(Buffer.from(xml))).toEqual(leaves(xml));
  });

  test("wherever they are cut", () => {
    const xml = "<A><B>€&amp;</B ><!-- > --><C c='>'/><![CDATA[>]]>😀</A>";
    for (let before = 16_300; before < 16_400; before++) {
      const whole = `<X>${" ".repeat(before)}${xml}${" ".repeat(17_000)}<Y/></X>`;
      expect(leaves(Buffer.from(whole))).toEqual(leaves(whole));
    }
  });

  test.each(["<A><![CDATA[x>", "<A b='>", "<A><!-- > ", "<A>x"])("to an end that comes too early: %s", (xml) => {
    const bytes = Buffer.from(xml + "x>".repeat(20_000));
    expect(() => leaves(bytes)).toThrow(expect.objectContaining({ code: "protocol" }));
  });
});

describe("what is no XML is a protocol error", () => {
  test.each([
    ["nothing", ""],
    ["text", "Service Unavailable"],
    ["an open element", "<A><B></B>"],
    ["elements that cross", "<A><B></A></B>"],
    ["a document type", '<!DOCTYPE a [<!ENTITY b "c">]><A>&b;</A>'],
    ["a cut tag", "<A><B"],
    ["a cut CDATA", "<A><![CDATA[x</A>"],
    ["a character that does not exist", "<A>&#x110000;</A>"],
    ["elements nested without end", "<A>".repeat(1000)],
  ])("%s", (_name, xml) => {
    expect(() => leaves(xml)).toThrow(expect.objectContaining({ code: "protocol" }));
  });
});

test("a million entities and a million quotes take no more than their length", () => {
  const startedMs = performance.now();
  expect(leaves(`<A>${"&amp;".repeat(1_000_000)}</A>`)[0]).toHaveLength("0 A=".length + 1_000_000);
  expect(leaves(`<A>${'"'.repeat(1_000_000)}${"<B/>".repeat(50_000)}</A>`)).toHaveLength(50_001);
  expect(performance.now() - startedMs).toBeLessThan(5_000);
});
