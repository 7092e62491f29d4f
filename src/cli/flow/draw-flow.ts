/** A picture of a flow in the format that is asked for, or that the suffix of its address says. */
import type { PictureGraph } from "../../flow/core/index.ts";
import { toDot, toHtml, toMermaid, toSvg, toText } from "../../flow/core/index.ts";
import type { Call } from "../command.ts";
import type { Message } from "../message.ts";
import { UsageError } from "../usage-error.ts";

export const pictureFormats = ["text", "dot", "mermaid", "svg", "html"] as const;
export type PictureFormat = (typeof pictureFormats)[number];
const bySuffix: Readonly<Record<string, PictureFormat>> = {
  dot: "dot",
  gv: "dot",
  mmd: "mermaid",
  svg: "svg",
  html: "html",
  txt: "text",
};

/** The format of an address; text where it has no suffix. UsageError for a suffix that is none of a picture. */
export function pictureFormatOf(address: string): PictureFormat {
  const suffix = /\.([^./\\]+)$/.exec(address)?.[1]?.toLowerCase();
  if (suffix === undefined) return "text";
  const format = bySuffix[suffix];
  if (format !== undefined) return format;
  const known = Object.keys(bySuffix).map((each) => `.${each}`);
  throw new UsageError(
    `no picture of a flow is a .${suffix}`,
    `it is ${known.join(" ")}, or --as says which where the command has it`,
  );
}

/** `columns`: of a terminal that shows it, which gets colours, too. */
export async function drawFlow(
  picture: PictureGraph,
  format: PictureFormat,
  columns: number | undefined,
): Promise<string> {
  switch (format) {
    case "dot":
      return toDot(picture);
    case "mermaid":
      return toMermaid(picture);
    case "svg":
      return toSvg(picture);
    case "html":
      return toHtml(picture);
    default:
      return toText(picture, { columns: columns ?? 120, colours: columns !== undefined });
  }
}

/** Draws it to an address, by its suffix unless `format` says otherwise. Gives the message that says where it lies. */
export async function writePicture(
  call: Call,
  picture: PictureGraph,
  address: string,
  format: PictureFormat = pictureFormatOf(address),
): Promise<Message> {
  const { uri } = await (await call.depot()).writeText(address, await drawFlow(picture, format, undefined));
  return { text: () => `drawn to ${call.output.show(uri)}`, json: () => ({ type: "picture", uri }) };
}
