/** Runs by pages, the newest first, with a filter; looked at again every few seconds while the page is seen. */
import { useCallback, useState } from "preact/hooks";
import { type Model, type RunSummary, runStates } from "../store/records.ts";
import { address, ask } from "./ask.tsx";
import { NewRun } from "./new-run.tsx";
import { formatCount, formatCounts, State, Time } from "./shown.tsx";
import { useFresh } from "./use-fresh.tsx";

interface Page {
  readonly items: readonly RunSummary[];
  readonly next?: string;
}

export function RunList({
  chosen,
  mayRun,
  changes,
}: {
  readonly chosen: string | undefined;
  readonly mayRun: boolean;
  readonly changes: number;
}) {
  const [filter, setFilter] = useState({ model: "", state: "", search: "" });
  /** `after` of each page up to this one. */
  const [pages, setPages] = useState<readonly string[]>([]);
  const [page, setPage] = useState<Page>();
  const [isMaking, setMaking] = useState(false);
  const [models, setModels] = useState<readonly Model[]>([]);
  const load = useCallback(async () => {
    setPage(await ask<Page>("GET", address(["runs"], { ...filter, after: pages.at(-1), limit: 50 })));
    setModels(await ask<readonly Model[]>("GET", address(["models"])));
  }, [filter, pages]);
  useFresh(load, changes);
  const narrow = (part: Partial<typeof filter>) => {
    setFilter({ ...filter, ...part });
    setPages([]);
  };
  return (
    <section class="list" aria-labelledby="list-title">
      <div class="row">
        <h2 id="list-title">All runs</h2>
        {mayRun && (
          <button type="button" class="first" aria-expanded={isMaking} onClick={() => setMaking(!isMaking)}>
            New run
          </button>
        )}
      </div>
      {isMaking && <NewRun models={models} onDone={() => setMaking(false)} />}
      <search class="filter">
        <label>
          Search
          <input
            type="search"
            placeholder="name or id"
            value={filter.search}
            onInput={({ currentTarget }) => narrow({ search: currentTarget.value })}
          />
        </label>
        <label>
          Model
          <select value={filter.model} onChange={({ currentTarget }) => narrow({ model: currentTarget.value })}>
            <option value="">all</option>
            {models.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          State
          <select value={filter.state} onChange={({ currentTarget }) => narrow({ state: currentTarget.value })}>
            <option value="">all</option>
            {runStates.map((state) => (
              <option key={state}>{state}</option>
            ))}
          </select>
        </label>
      </search>
      {page?.items.length === 0 &&
        (Object.values(filter).some((each) => each !== "") ? (
          <p class="dim">There is no such run.</p>
        ) : (
          <FirstRun isDeployed={models.some(({ version }) => version !== undefined)} mayRun={mayRun} />
        ))}
      <ul class="runs" id="runs" aria-busy={page === undefined}>
        {page?.items.map((run) => (
          <li key={run.id}>
            <a href={`#/runs/${run.id}`} aria-current={run.id === chosen ? "true" : undefined}>
              <span class="row">
                <strong>{run.name}</strong>
                <State state={run.state} />
              </span>
              <span class="dim">
                {run.model} {run.version}, {formatCount(run.policyCount, "policy", "policies")}
                {run.state === "running" && `, ${formatCounts(run.tasks)}`}
              </span>
              <span class="dim">
                <Time ms={run.createdMs} />
              </span>
            </a>
          </li>
        ))}
      </ul>
      {(pages.length > 0 || page?.next !== undefined) && (
        <nav class="row" aria-label="Pages of runs">
          <button type="button" disabled={pages.length === 0} onClick={() => setPages(pages.slice(0, -1))}>
            Newer
          </button>
          <span class="dim">page {pages.length + 1}</span>
          <button
            type="button"
            disabled={page?.next === undefined}
            onClick={() => setPages([...pages, page?.next ?? ""])}
          >
            Older
          </button>
        </nav>
      )}
    </section>
  );
}

/** The way to it. */
function FirstRun({ isDeployed, mayRun }: { readonly isDeployed: boolean; readonly mayRun: boolean }) {
  return (
    <p class="dim">
      There are no runs yet.{" "}
      {!isDeployed && (
        <>
          Deploy a model first: <code>entrepot runs model add</code>, then <code>entrepot runs model deploy</code>.
        </>
      )}
      {isDeployed && mayRun && "New run makes the first one."}
    </p>
  );
}
