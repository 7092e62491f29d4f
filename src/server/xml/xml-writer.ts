/** XML as S3 writes it: one line, the S3 namespace on the root, control characters as numeric references. */

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** An element that is already text. */
export type Xml = string & { readonly __xml?: never };

/** What an element holds: text, numbers and booleans are escaped; `undefined` leaves the element out. */
export type XmlValue = string | number | boolean | undefined;

/** One element around text. `""` for an undefined value. */
export function textElement(name: string, value: XmlValue): Xml {
  return value === undefined ? "" : `<${name}>${escapeXml(String(value))}</${name}>`;
}

/** One element around others. */
export function element(name: string, ...children: readonly Xml[]): Xml {
  return `<${name}>${children.join("")}</${name}>`;
}

/** A whole document whose root bears the namespace of S3. */
export function document(root: string, ...children: readonly Xml[]): Xml {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${namespace}">${children.join("")}</${root}>`;
}

/** A whole document without a namespace: error documents have none. */
export function plainDocument(root: string, ...children: readonly Xml[]): Xml {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, ...children)}`;
}

// Like S3, references to characters that XML 1.0 does not allow are written all the same: clients that want
// to read such keys ask for encoding-type=url.
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys may hold them
const special = /[&<>"\u0000-\u001f\u007f\ufffe\uffff]/;
const everySpecial = new RegExp(special, "g");

/** Text as it stands in an element. */
export function escapeXml(text: string): Xml {
  // Nearly always nothing is to be done, and a listing asks a thousand times.
  if (!special.test(text)) return text;
  return text.replace(everySpecial, (char) => {
    switch (char) {
      case "&":
        return "&amp;";
      case "<":
        return "&lt;";
      case ">":
        return "&gt;";
      case '"':
        return "&quot;";
      default:
        return `&#x${char.charCodeAt(0).toString(16)};`;
    }
  });
}
