import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { childText, readXml } from "./xml-reader.ts";
import { document, element, textElement } from "./xml-writer.ts";

// Every character that UTF-8 has; fast-check's own unit for that takes seconds to set up.
const character = fc
  .integer({ min: 0, max: 0x10ffff - 0x800 })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

test("any text survives writing and reading", () => {
  fc.assert(
    fc.property(fc.string({ unit: character, maxLength: 30 }), (text) => {
      const root = readXml(document("Root", element("Outer", textElement("Key", text))));
      expect(root.children[0] && childText(root.children[0], "Key")).toBe(text);
    }),
  );
});

test("what clients send is read: declarations, namespaces, comments, CDATA, references, empty elements", () => {
  const root = readXml(
    `\ufeff<?xml version="1.0"?>\n<!-- no --><s3:Delete xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/" a='1'>
      <s3:Object><s3:Key>a<![CDATA[<&>]]>&#x41;&#66;&amp;</s3:Key></s3:Object><Quiet/></s3:Delete>\n`,
  );
  expect(root.name).toBe("Delete");
  expect(root.children.map(({ name }) => name)).toEqual(["Object", "Quiet"]);
  expect(root.children[0] && childText(root.children[0], "Key")).toBe("a<&>AB&");
  expect(childText(root, "Quiet")).toBe("");
});

test("a carriage return counts only as a reference, as for every reader of XML", () => {
  expect(readXml("<a>1\r\n2\r3<![CDATA[4\r\n]]>&#13;</a>").text).toBe("1\n2\n34\n\r");
});

describe("MalformedXML", () => {
  test.each([
    "",
    "text",
    "<a>",
    "<a></b>",
    "<a/><b/>",
    "<a>&nbsp;</a>",
    "<a>\u0001</a>",
    "<a>\u0000</a>",
    "<a>\uffff</a>",
    "<a>&amp</a>",
    "<a>&#xD800;</a>",
    "<a>&#x110000;</a>",
    "<a b></a>",
    `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`,
    "</a>",
    "<a/>tail",
    "<a>".repeat(50) + "</a>".repeat(50),
  ])("%s", (text) => {
    expect(() => readXml(text)).toThrow(expect.objectContaining({ code: "MalformedXML" }));
  });
});
