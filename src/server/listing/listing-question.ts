/** What a request for a listing of keys, versions or uploads asks, and how it wants keys written. */
import { s3Error } from "../errors.ts";
import { encodeListed } from "../request/percent.ts";
import type { Query } from "../request/query.ts";
import { element, textElement, type Xml } from "../xml/xml-writer.ts";
import type { Position } from "./listing.ts";
import { readLimit } from "./page-limit.ts";

const maxPage = 1000;

export interface Question {
  readonly prefix: string;
  readonly delimiter: string;
  readonly limit: number;
  readonly encodingType: string | undefined;
  readonly encode: (text: string) => string;
}

/** Error: InvalidArgument. */
export function readQuestion(query: Query, limitName: "max-keys" | "max-uploads" = "max-keys"): Question {
  const encodingType = query.get("encoding-type");
  if (encodingType !== undefined && encodingType.toLowerCase() !== "url") {
    throw s3Error("InvalidArgument", {
      message: "Invalid Encoding Method specified in Request",
      details: { ArgumentName: "encoding-type", ArgumentValue: encodingType },
    });
  }
  return {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    limit: readLimit(query, limitName, maxPage),
    encodingType,
    encode: encodingType === undefined ? (key) => key : encodeListed,
  };
}

/**
 * Behind a marker; undefined for none. AWS takes one that lies within a common prefix for that prefix: no page repeats what
 * another has rolled up.
 */
export function positionBehind(marker: string, { prefix, delimiter }: Question): Position | undefined {
  if (marker === "") return undefined;
  const cut = delimiter === "" || !marker.startsWith(prefix) ? -1 : marker.indexOf(delimiter, prefix.length);
  return cut < 0 ? { key: marker } : { prefix: marker.slice(0, cut + delimiter.length) };
}

/** One of `CommonPrefixes`. */
export function prefixElement(prefix: string, { encode }: Question): Xml {
  return element("CommonPrefixes", textElement("Prefix", encode(prefix)));
}
