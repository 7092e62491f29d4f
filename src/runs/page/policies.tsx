/** The policies of a run, each with its task: what it does now, and why it ended as it did. */
import { useState } from "preact/hooks";
import type { FileRecord } from "../store/records.ts";
import { address, ask } from "./ask.tsx";
import { useWork } from "./notice.tsx";
import { More, pageSize } from "./paged.tsx";
import { formatCount, State } from "./shown.tsx";
import { Sure } from "./sure.tsx";
import type { RunNow } from "./use-run.tsx";

interface PoliciesProps {
  readonly now: RunNow;
  readonly mayChange: boolean;
  readonly mayRun: boolean;
  readonly refresh: () => Promise<void>;
  readonly more: () => Promise<void>;
}

export function Policies({ now: { run, tasks, files }, mayChange, mayRun, refresh, more }: PoliciesProps) {
  const [name, setName] = useState("");
  /** The policy that is to be removed, or to run again though it is done, when that is sure. */
  const [asked, setAsked] = useState<string>();
  const { isBusy, act } = useWork();
  /** Before the start. */
  const [count, setCount] = useState(pageSize);
  const byPolicy = new Map(tasks.items.map((task) => [task.policyId, task]));
  const isStarted = run.state !== "created";
  const shown = isStarted ? tasks.items.map(({ policyId }) => policyId) : run.policies.slice(0, count);
  const left = run.policies.length - shown.length;
  return (
    <section aria-labelledby="policies-title">
      <h3 id="policies-title">Policies</h3>
      {run.policies.length === 0 && <p class="dim">None yet: a run needs at least one.</p>}
      {run.policies.length > 0 && (
        <div class="scroll">
          <table class="policies">
            <thead>
              <tr>
                <th scope="col">Policy</th>
                {isStarted && <th scope="col">State</th>}
                {isStarted && (
                  <th scope="col" class="number roomy">
                    Attempts
                  </th>
                )}
                {mayRun && (
                  <th scope="col">
                    <span class="unseen">Actions</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {shown.map((policy) => {
                const task = byPolicy.get(policy);
                const isEnded = task !== undefined && ["done", "failed", "cancelled"].includes(task.state);
                const send = (verb: string, done: string) =>
                  void act(async () => {
                    await ask("POST", address(["runs", run.id, verb]), { policies: [policy] });
                    setAsked(undefined);
                    await refresh();
                  }, done);
                const remove = () =>
                  void act(async () => {
                    await ask("DELETE", address(["runs", run.id, "policies", policy]));
                    setAsked(undefined);
                    await refresh();
                  }, `${policy} is out.`);
                const retry = () => send("retry", `${policy} runs again.`);
                const isAsked = asked === policy && mayRun;
                const asker = `ask-${encodeURIComponent(policy)}`;
                return (
                  <tr key={policy}>
                    <th scope="row">
                      {policy}
                      {policy === run.baseline && <span class="tag">baseline</span>}
                      {task?.reason !== undefined && <span class="dim under">{task.reason}</span>}
                      {isAsked && mayChange && (
                        <Sure
                          asker={asker}
                          question={`Remove ${policy}? ${lostWith(policy, files)}`}
                          yes="Remove for good"
                          isBusy={isBusy}
                          onYes={remove}
                          onNo={() => setAsked(undefined)}
                        />
                      )}
                      {isAsked && task?.state === "done" && (
                        <Sure
                          asker={asker}
                          question={`Run ${policy} again? Its outputs are replaced only when the new attempt is done.`}
                          yes="Run again"
                          no="Leave it"
                          isBusy={isBusy}
                          onYes={retry}
                          onNo={() => setAsked(undefined)}
                        />
                      )}
                      {task?.state === "running" && task.progress !== undefined && (
                        <>
                          <progress max={1} value={task.progress.fraction} aria-label={`Progress of ${policy}`} />
                          <span class="dim under">{task.progress.message}</span>
                        </>
                      )}
                    </th>
                    {isStarted && <td>{task !== undefined && <State state={task.state} />}</td>}
                    {isStarted && <td class="number roomy">{task?.attempts ?? ""}</td>}
                    {mayRun && (
                      <td class="number">
                        {mayChange && !isAsked && (
                          <button
                            type="button"
                            id={asker}
                            disabled={isBusy}
                            aria-label={`Remove policy ${policy}`}
                            onClick={() => setAsked(policy)}
                          >
                            Remove…
                          </button>
                        )}
                        {isEnded && !(isAsked && task.state === "done") && (
                          <button
                            type="button"
                            id={asker}
                            disabled={isBusy}
                            aria-label={`Retry ${policy}`}
                            onClick={() => (task.state === "done" ? setAsked(policy) : retry())}
                          >
                            {task.state === "done" ? "Retry…" : "Retry"}
                          </button>
                        )}
                        {task !== undefined && !isEnded && (
                          <button
                            type="button"
                            disabled={isBusy}
                            aria-label={`Cancel ${policy}`}
                            onClick={() => send("cancel", `${policy} is cancelled.`)}
                          >
                            Cancel
                          </button>
                        )}
                      </td>
                    )}
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
      {left > 0 && (
        <More
          left={formatCount(left, "policy", "policies")}
          onMore={isStarted ? more : async () => setCount(count + pageSize)}
        />
      )}
      {mayChange && (
        <form
          class="row"
          onSubmit={(event) => {
            event.preventDefault();
            void act(async () => {
              await ask("PUT", address(["runs", run.id, "policies", name.trim()]));
              setName("");
              await refresh();
            }, `${name} is added.`);
          }}
        >
          <label>
            New policy
            <input required value={name} onInput={({ currentTarget }) => setName(currentTarget.value)} />
          </label>
          <button type="submit" disabled={isBusy}>
            Add policy
          </button>
        </form>
      )}
    </section>
  );
}

/** What a policy takes with it. */
function lostWith(policy: string, files: readonly FileRecord[]): string {
  const own = files.filter(({ policyId }) => policyId === policy).map(({ name }) => name);
  if (own.length === 0) return "It has no parameter files of its own.";
  return `${own.length === 1 ? "Its own parameter file is" : "Its own parameter files are"} lost: ${own.join(", ")}.`;
}
