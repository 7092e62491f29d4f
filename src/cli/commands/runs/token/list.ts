/** `entrepot runs token list`: which tokens there are; none of them is shown again. */
import { type Command, defineCommand } from "../../../command.ts";
import { formatTime } from "../../../measure.ts";
import { columnLines } from "../../../runs/columns.ts";
import { runsNote, runsOptions, withRuns } from "../../../runs/open-runs.ts";
import { recordJson } from "../../../runs/record-json.ts";

export const list: Command = defineCommand({
  name: "runs token list",
  summary: "which tokens there are: whose, for what, until when",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: { ...runsOptions },
  notes: [runsNote],
  examples: [
    { line: "entrepot runs token list", says: "their ids are for revoke" },
    { line: "entrepot runs token list --json", says: "for programs" },
  ],
  run: (call, values) =>
    withRuns(call, values, async (store) => {
      const tokens = await store.tokens.list();
      const now = Date.now();
      const lines = columnLines(
        tokens.map(({ id, name, role, models, createdMs, expiresMs }) => [
          ...[id, name, role, models?.join(", ") ?? "all models", formatTime(createdMs)],
          expiresMs === undefined ? "for ever" : `${expiresMs <= now ? "expired" : "until"} ${formatTime(expiresMs)}`,
        ]),
      );
      for (const [at, each] of tokens.entries())
        await call.output.tell({ text: () => lines[at], json: () => recordJson("token", each) });
      if (tokens.length === 0)
        await call.output.tell({ text: () => "there is no token: entrepot runs token create", json: () => undefined });
    }),
});
