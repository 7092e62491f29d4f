/** `entrepot explain`: what the doctor finds of one address, in the order in which one reads it, and then what to do. */
import type { Finding } from "../../doctor/index.ts";
import { type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import { findingJson, findingsOf } from "../findings.ts";

/** What is told of an address that works, and how each line begins. */
const lines: readonly (readonly [name: string, begins: string])[] = [
  ["address", "address"],
  ["address.written", "but"],
  ["s3.options", "settings"],
  ["identity", "signed by"],
  ["s3.host", "sent to"],
  ["s3.region", "region"],
  ["bucket.region", "found in"],
  ["s3.addressing", "bucket in"],
  ["s3.proxy", "by proxy"],
  ["s3.caFile", "trusting"],
  ["copy", "local copy"],
  ["server", "server"],
  ["clock", "clock"],
  ["HEAD", "HEAD"],
  ["GET", "GET"],
  ["LIST", "LIST"],
  ["checksum", "checksum"],
  ["restore", "restoring"],
  ["access", "so"],
];

export const explain: Command = defineCommand({
  name: "explain",
  summary: "one address: where it leads, as whom, what answers, what to do",
  synopsis: "[options] <address>",
  operands: { min: 1, max: 1 },
  options: {},
  notes: [
    "Finds what entrepot doctor finds, asks what it asks, and ends as it ends; tells of it only what concerns the address. --json tells everything.",
  ],
  examples: [
    { line: "entrepot explain s3://my-bucket/data.csv", says: "who signs, where it goes, what comes back" },
    { line: "entrepot explain --profile my-profile s3://my-bucket/", says: "the same as somebody else" },
  ],
  async run(call, _, [address]) {
    const findings: Finding[] = [];
    for await (const finding of findingsOf(call, address)) {
      findings.push(finding);
      if (call.output.json) await call.output.tell({ text: () => "", json: () => findingJson(finding) });
    }
    if (!call.output.json) await call.output.write(`${explained(findings).join("\n")}\n`);
  },
});

function explained(findings: readonly Finding[]): string[] {
  const told = lines.flatMap(([name, begins]) =>
    findings.filter((each) => each.name === name).map((each) => sentence(begins, each)),
  );
  const known = new Set(lines.map(([name]) => name));
  const others = findings.filter(({ name, status }) => status === "problem" && !known.has(name));
  return [...told, ...others.map((each) => sentence(each.name, each)), ...toDo(findings)];
}

function sentence(begins: string, { value, source, status }: Finding): string {
  const who = source === undefined || source === "default" ? "" : `  (${printable(source)})`;
  return `${status === "problem" ? "x" : " "} ${printable(begins).padEnd(14)} ${printable(value)}${who}`;
}

/** Each way out once, those of problems first. */
function toDo(findings: readonly Finding[]): string[] {
  const shown = new Set(lines.map(([name]) => name));
  const problems = findings.filter(({ status }) => status === "problem");
  const notes = findings.filter(({ name, status }) => status === "note" && shown.has(name));
  const hints = new Set([...problems, ...notes].flatMap(({ hint }) => hint ?? []));
  if (hints.size === 0) return ["  nothing to do"];
  return [...hints].map((hint) => `> ${printable(hint)}`);
}
