/** `entrepot runs model deploy`: a new version of a model, whose snapshots begin empty. */
import { type Command, defineCommand } from "../../../command.ts";
import { printable } from "../../../escape.ts";
import { text, texts } from "../../../option.ts";
import { withNamedModel } from "../../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../../runs/open-runs.ts";
import { recordJson } from "../../../runs/record-json.ts";
import { UsageError } from "../../../usage-error.ts";

export const deploy: Command = defineCommand({
  name: "runs model deploy",
  summary: "a new version of a model: the command that its runs execute",
  synopsis: "[options] <model> -- <command> [<argument>...]",
  operands: { min: 2, max: Number.POSITIVE_INFINITY, mayBeEmpty: true },
  options: {
    version: text("NAME", "of the version (v1, v2 …, the next that is free)"),
    description: text("TEXT", "what changed, for people"),
    dir: text("DIR", "where it starts, as the worker sees it (the worker's folder)"),
    image: text("IMAGE", "the container image, for batch and kubernetes"),
    env: texts("NAME=VALUE", "a variable of its environment; no secret"),
    ...runsOptions,
  },
  notes: [
    "The command is started without a shell, with --run-id ID --policy-id ID behind its arguments. A version's name is used once, also after it was deleted: snapshots and outputs lie under it.",
    runsNote,
  ],
  examples: [
    { line: "entrepot runs model deploy growth -- python3 model.py", says: "the next version" },
    {
      line: "entrepot runs model deploy growth --dir /srv/growth --env THREADS=4 -- node model.js --fast",
      says: "where it starts, and a variable",
    },
  ],
  run: (call, values, [model = "", ...command]) =>
    withRuns(call, values, async (store) => {
      const { version, description, dir, image } = values;
      const program = { command, dir, image, env: variables(values.env) };
      const deployed = await withNamedModel(store, model, undefined, () =>
        store.models.deploy(model, { program, version, description }),
      );
      await call.output.tell({
        text: () =>
          call.output.quiet ? undefined : `deployed ${printable(deployed.model)} ${printable(deployed.version)}`,
        json: () => recordJson("version", deployed),
      });
    }),
});

function variables(given: readonly string[] | undefined): Readonly<Record<string, string>> | undefined {
  if (given === undefined) return undefined;
  const pairs = given.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`--env ${pair} has no value`, "write --env NAME=VALUE");
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}
