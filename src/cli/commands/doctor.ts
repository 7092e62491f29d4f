/** `entrepot doctor`: the findings of the room of that name, as lines. */
import type { Finding } from "../../doctor/index.ts";
import { type Command, defineCommand } from "../command.ts";
import { printable } from "../escape.ts";
import { version } from "../version.ts";
import { wayOut } from "../ways-out.ts";

const marks: Readonly<Record<Finding["status"], string>> = { ok: " ", note: "!", problem: "x" };

export const doctor: Command = defineCommand({
  name: "doctor",
  summary: "which settings are in force, who decided, what is wrong",
  synopsis: "[options] [<address>]",
  operands: { min: 0, max: 1 },
  options: {},
  notes: [
    "With an address, asks the server for it: HEAD, one byte, and the folder's first name. Shows no secret, of an access key its last four letters. Lines marked ! are worth knowing, those marked x will fail.",
  ],
  examples: [
    { line: "entrepot doctor", says: "settings and who decided; nothing is sent" },
    { line: "entrepot doctor s3://my-bucket/data.csv", says: "whether this can be read, and if not, why" },
    { line: "entrepot doctor --json --profile my-profile s3://my-bucket/", says: "for a bug report" },
  ],
  async run(call, _, [address]) {
    const { diagnose } = await import("../../doctor/index.ts");
    const given = await call.options();
    let worst: Finding | undefined;
    for await (const found of diagnose({ ...given, address, version, signal: call.signal })) {
      const finding = found.status === "problem" ? { ...found, hint: wayOut(found.code, found.hint) } : found;
      if (finding.status === "problem") worst ??= finding;
      const { source = null, hint = null, code = null } = finding;
      await call.output.tell({
        text: () => line(finding),
        json: () => ({ type: "finding", ...finding, source, hint, code }),
      });
    }
    // the finding has said it all
    if (worst !== undefined) call.endWith(worst.code ?? "misconfigured");
  },
});

function line({ name, value, source, status, hint }: Finding): string {
  const who = source === undefined ? "" : `  (${printable(source)})`;
  const way = hint === undefined ? "" : `\n${" ".repeat(27)}${printable(hint)}`;
  return `${marks[status]} ${printable(name).padEnd(24)} ${printable(value)}${who}${way}`;
}
