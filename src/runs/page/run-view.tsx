/** One run: what it is made of, how far it is, what it says and what came out. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { RunRecord } from "../store/records.ts";
import { address, ask } from "./ask.tsx";
import { Files } from "./files.tsx";
import { Log } from "./log.tsx";
import { useWork } from "./notice.tsx";
import { Options } from "./options.tsx";
import { Outputs } from "./outputs.tsx";
import { Policies } from "./policies.tsx";
import { formatCount, formatCounts, formatSeconds, State, Time } from "./shown.tsx";
import { Sure } from "./sure.tsx";
import { type RunNow, useRun } from "./use-run.tsx";

interface RunViewProps {
  readonly id: string;
  readonly mayRun: boolean;
  readonly onChange: () => void;
}

export function RunView({ id, mayRun, onChange }: RunViewProps) {
  const { now, isGone, lines, isCut, look, more } = useRun(id);
  const title = useRef<HTMLHeadingElement>(null);
  const isThere = now !== undefined;
  // whoever chose a run with the keyboard goes on in it
  useEffect(() => {
    if (isThere) title.current?.focus();
  }, [isThere]);
  const state = now?.run.state;
  useEffect(() => {
    if (state !== undefined) onChange();
  }, [state]);
  const refresh = async () => {
    await look();
    onChange();
  };
  return (
    <section class="detail" aria-labelledby="run-title">
      <p class="back">
        <a href="#/">← All runs</a>
      </p>
      {isGone ? (
        <h2 id="run-title">There is no run {id}</h2>
      ) : now === undefined ? (
        <h2 id="run-title">Loading…</h2>
      ) : (
        <>
          <div class="row">
            <h2 id="run-title" ref={title} tabIndex={-1}>
              {now.run.name}
            </h2>
            <span role="status" aria-label="State of the run">
              <State state={now.run.state} />
            </span>
          </div>
          {now.run.description !== "" && <p>{now.run.description}</p>}
          <Facts now={now} />
          <Idle run={now.run} />
          {mayRun && <Actions now={now} refresh={refresh} />}
          <Policies
            now={now}
            mayChange={mayRun && now.run.state === "created"}
            mayRun={mayRun}
            refresh={refresh}
            more={() => more("tasks")}
          />
          <Options run={now.run} mayChange={mayRun && now.run.state === "created"} refresh={refresh} />
          <Files now={now} mayChange={mayRun && now.run.state === "created"} refresh={refresh} />
          <Log lines={lines} isCut={isCut} policies={now.run.policies} state={now.run.state} />
          <Outputs run={now.run} outputs={now.outputs} more={() => more("outputs")} />
        </>
      )}
    </section>
  );
}

function Facts({ now: { run } }: { readonly now: RunNow }) {
  return (
    <dl class="facts">
      <dt>Id</dt>
      <dd>
        <code>{run.id}</code>
      </dd>
      <dt>Model</dt>
      <dd>
        {run.model}, version {run.version}
      </dd>
      <dt>Retries</dt>
      <dd>{run.retries}</dd>
      <dt>Time-out</dt>
      <dd>{run.timeoutSeconds === undefined ? "none" : `${formatSeconds(run.timeoutSeconds)} for each attempt`}</dd>
      <dt>Created</dt>
      <dd>
        <Time ms={run.createdMs} />
      </dd>
      {run.startedMs !== undefined && (
        <>
          <dt>Started</dt>
          <dd>
            <Time ms={run.startedMs} />
          </dd>
        </>
      )}
      {run.endedMs !== undefined && (
        <>
          <dt>Ended</dt>
          <dd>
            <Time ms={run.endedMs} />
          </dd>
        </>
      )}
      {run.startedMs !== undefined && (
        <>
          <dt>Tasks</dt>
          <dd>{formatCounts(run.tasks)}</dd>
        </>
      )}
    </dl>
  );
}

/** That nobody does anything for it. Jobs of a service are on their way without a worker that waits. */
function Idle({ run: { tasks, service, state } }: { readonly run: RunRecord }) {
  if (state !== "running" || service !== undefined || tasks.ready === 0 || tasks.running > 0) return null;
  return (
    <p class="idle">
      {formatCount(tasks.ready, "task waits", "tasks wait")} for a worker: <code>entrepot runs worker</code>
    </p>
  );
}

function Actions({ now: { run }, refresh }: { readonly now: RunNow; readonly refresh: () => Promise<void> }) {
  const { isBusy, act } = useWork();
  const [isSure, setSure] = useState(false);
  const post = (verb: string, body: unknown, done: string) =>
    void act(() => ask("POST", address(["runs", run.id, verb]), body).then(refresh), done);
  const { failed, cancelled } = run.tasks;
  const what = failed === 0 ? "was cancelled" : cancelled === 0 ? "failed" : "failed or was cancelled";
  return (
    <p class="row actions">
      {run.state === "created" && (
        <button
          type="button"
          class="first"
          disabled={isBusy || run.policies.length === 0}
          onClick={() => post("start", undefined, "Started.")}
        >
          Start
        </button>
      )}
      {run.state === "running" && (
        <button type="button" disabled={isBusy} onClick={() => post("cancel", {}, "Cancelled.")}>
          Cancel run
        </button>
      )}
      {failed + cancelled > 0 && run.state !== "created" && (
        <button
          type="button"
          class="first"
          disabled={isBusy}
          onClick={() => post("retry", {}, `What ${what} runs again.`)}
        >
          Retry what {what}
        </button>
      )}
      {run.state !== "running" &&
        (isSure ? (
          <Sure
            asker="ask-delete"
            question="Delete the run and its log? Outputs in the bucket stay."
            yes="Delete for good"
            isBusy={isBusy}
            onYes={() =>
              void act(async () => {
                await ask("DELETE", address(["runs", run.id]));
                location.hash = "#/";
              }, "The run is deleted.")
            }
            onNo={() => setSure(false)}
          />
        ) : (
          <button type="button" id="ask-delete" onClick={() => setSure(true)}>
            Delete…
          </button>
        ))}
    </p>
  );
}
