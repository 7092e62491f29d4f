/** `entrepot runs manifest`: the jobs that a service would be sent for a run; sends nothing. */
import { submitterNames } from "../../../runs/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import type { JsonObject } from "../../message.ts";
import { choice, text } from "../../option.ts";
import { namedPolicy, namedRun } from "../../runs/named.ts";
import { runsNote, runsOptions, withRuns } from "../../runs/open-runs.ts";
import { openSubmitter, serviceSettingsOption, submitNote } from "../../runs/submit-options.ts";
import { UsageError } from "../../usage-error.ts";

/** What every pod finds its cluster by; whoever only looks at a manifest need not know where that is. */
const inCluster = { KUBERNETES_SERVICE_HOST: "kubernetes.default.svc" };

export const manifest: Command = defineCommand({
  name: "runs manifest",
  summary: "the jobs that batch or kubernetes would be sent",
  synopsis: "[options] --for batch|kubernetes --settings FILE <run>",
  operands: { min: 1, max: 1 },
  options: {
    for: choice(submitterNames, "which service"),
    settings: serviceSettingsOption,
    policy: text("NAME", "of this policy only"),
    ...runsOptions,
  },
  notes: [
    submitNote,
    "Nothing is sent. What is printed is for aws batch submit-job --cli-input-json, or for kubectl create -f - ; several are divided by ---.",
    runsNote,
  ],
  examples: [
    {
      line: "entrepot runs manifest test --for kubernetes --settings kubernetes.json",
      says: "a Job for each policy",
    },
    {
      line: "entrepot runs manifest test --for batch --settings batch.json --policy high --json",
      says: "one, for programs, with the address it would go to",
    },
  ],
  async run(call, values, [word = ""]) {
    const { for: name, settings, policy } = values;
    if (name === undefined) throw new UsageError("for which service?", "give --for batch or --for kubernetes");
    const submitter = await openSubmitter(call, name, settings, inCluster);
    try {
      const { run, version } = await withRuns(call, values, async (store) => {
        const found = await namedRun(store, word);
        return { run: found, version: await store.models.version(found.model, found.version) };
      });
      const policies = policy === undefined ? run.policies : [namedPolicy(run, policy)];
      for (const [at, policyId] of policies.entries()) {
        const { method, url, body } = await submitter.manifest({ run, version, policyId });
        await call.output.tell({
          text: () => `${at === 0 ? "" : "---\n"}${JSON.stringify(body, undefined, 2)}`,
          json: () => ({ type: "manifest", policyId, method, url, body: body as JsonObject }),
        });
      }
    } finally {
      await submitter.close();
    }
  },
});
