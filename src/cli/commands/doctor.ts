/** `entrepot doctor`: the findings of the room of that name, as lines. */
import type { Finding } from "../../doctor/index.ts";
import { type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import { findingJson, findingsOf } from "../findings.ts";

const marks: Readonly<Record<Finding["status"], string>> = { ok: " ", note: "!", problem: "x" };

export const doctor: Command = defineCommand({
  name: "doctor",
  summary: "which settings are in force, who decided, what is wrong",
  synopsis: "[options] [<address>]",
  operands: { min: 0, max: 1 },
  options: {},
  notes: [
    "Without an address it sends nothing. With one it asks whoever gives the credentials, and the server: HEAD, one byte, and the folder's first name. Shows no secret, of an access key its last four letters. Lines marked ! are worth knowing, those marked x will fail; below each stands the way out.",
  ],
  examples: [
    { line: "entrepot doctor", says: "settings and who decided; nothing is sent" },
    { line: "entrepot doctor s3://my-bucket/data.csv", says: "whether this can be read, and if not, why" },
    { line: "entrepot doctor --json --profile my-profile s3://my-bucket/", says: "for a bug report" },
  ],
  async run(call, _, [address]) {
    for await (const finding of findingsOf(call, address))
      await call.output.tell({ text: () => line(finding), json: () => findingJson(finding) });
  },
});

function line({ name, value, source, status, hint }: Finding): string {
  const who = source === undefined ? "" : `  (${printable(source)})`;
  const way = hint === undefined ? "" : `\n${" ".repeat(27)}${printable(hint)}`;
  return `${marks[status]} ${printable(name).padEnd(24)} ${printable(value)}${who}${way}`;
}
