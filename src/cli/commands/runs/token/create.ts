/** `entrepot runs token create`: a token, which is shown once. */
import { durationMs, parseDuration } from "../../../../depot/index.ts";
import { tokenRoles } from "../../../../runs/index.ts";
import { type Command, defineCommand } from "../../../command.ts";
import { choice, parsed, texts } from "../../../option.ts";
import { withNamedModel } from "../../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../../runs/open-runs.ts";
import { recordJson } from "../../../runs/record-json.ts";

export const create: Command = defineCommand({
  name: "runs token create",
  summary: "a token; it is printed this once",
  synopsis: "[options] <name>",
  operands: { min: 1, max: 1 },
  options: {
    role: choice(tokenRoles, "what it may do (read)"),
    model: texts("NAME", "good for this model only, as often as needed (all)"),
    expires: parsed("TIME", "good for so long, e.g. 30d (for ever)", parseDuration),
    ...runsOptions,
  },
  notes: [
    "read: look at runs; run: also make, start, cancel and delete them; admin: also models and tokens. The database keeps a hash of it.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs token create laptop --role run --expires 30d", says: "for a person" },
    { line: "entrepot runs token create page --model growth", says: "may look at the runs of one model" },
  ],
  run: (call, values, [name = ""]) =>
    withRuns(call, values, async (store) => {
      const { role = "read", model: models, expires } = values;
      for (const model of models ?? []) await withNamedModel(store, model, undefined, () => store.models.get(model));
      const expiresMs = expires === undefined ? undefined : Date.now() + durationMs(expires);
      const { token, record } = await store.tokens.create({ name, role, models, expiresMs });
      await call.output.tell({ text: () => token, json: () => ({ ...recordJson("token", record), token }) });
    }),
});
