/** A short answer in XML: the texts right below its root. */
import { EntrepotError } from "../../error/index.ts";
import { readXml } from "./xml.ts";

/** By element; without a prototype. */
type AnswerFields = Readonly<Record<string, string>>;

/** The root's name, and what stands right below it. Error: protocol for what is no XML. */
export function readFields(body: Uint8Array): { readonly root: string; readonly fields: AnswerFields } {
  const fields: Record<string, string> = Object.create(null);
  let root = "";
  readXml(body, {
    open(name, depth) {
      if (depth === 0) root = name;
    },
    close(name, text, depth) {
      if (depth === 1) fields[name] = text;
    },
  });
  return { root, fields };
}

/** The fields of the answer that is expected. Error: protocol where the root is another one. */
export function fieldsOf(body: Uint8Array, root: string, uri: string): AnswerFields {
  const read = readFields(body);
  if (read.root !== root) throw notSaid(uri, root);
  return read.fields;
}

/** The server left out what it had to say. */
export function notSaid(uri: string, what: string): EntrepotError {
  return new EntrepotError("protocol", `${uri}: the server's answer does not hold ${what}`, { uri });
}
