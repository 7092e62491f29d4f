/** `entrepot jobs list`: what is not finished. */
import type { JobStatus } from "../../../depot/index.ts";
import { type Command, defineCommand } from "../../command.ts";
import { jobMessage } from "../../job-message.ts";
import { formatCount } from "../../measure.ts";

export const list: Command = defineCommand({
  name: "jobs list",
  summary: "transfers that run, were interrupted, or failed",
  synopsis: "[options]",
  operands: { min: 0, max: 0 },
  options: {},
  examples: [
    { line: "entrepot jobs list", says: "the id, how far it is, and what failed" },
    { line: "entrepot jobs list --json", says: "the same for programs" },
  ],
  async run(call) {
    const depot = await call.depot();
    const jobs = await depot.jobs.list();
    const now = Date.now();
    for (const job of jobs) await call.output.tell(jobMessage(job, now, call.output.show));
    await call.output.tell({
      text: () => (jobs.length === 0 ? "nothing is unfinished" : `${formatCount(jobs.length, "job")}${wayOut(jobs)}`),
      json: () => ({ type: "summary", jobs: jobs.length }),
    });
  },
});

function wayOut(jobs: readonly JobStatus[]): string {
  const idle = jobs.filter(({ state }) => state !== "running");
  return idle.length === 0 ? "" : "; entrepot jobs resume ID goes on, entrepot jobs abort ID gives up";
}
