/** The form of a new run. It does nothing until it is started, so that files can be added first. */
import { useState } from "preact/hooks";
import type { Model, RunRecord } from "../store/records.ts";
import { address, ask } from "./ask.tsx";
import { optionsMistake } from "./json-mistake.ts";
import { limitFields, NewRunLimits, noLimits } from "./new-run-limits.tsx";
import { useWork } from "./notice.tsx";

export function NewRun({ models, onDone }: { readonly models: readonly Model[]; readonly onDone: () => void }) {
  const ready = models.filter(({ version }) => version !== undefined);
  const [run, setRun] = useState({
    model: "",
    name: "",
    description: "",
    policies: "",
    options: "",
    baselineFirst: false,
  });
  const [limits, setLimits] = useState(noLimits);
  const { isBusy, act } = useWork();
  const model = run.model || ready[0]?.name || "";
  const mistake = run.options.trim() === "" ? undefined : optionsMistake(run.options);
  const policies = run.policies
    .split("\n")
    .map((each) => each.trim())
    .filter((each) => each !== "");
  const create = async () => {
    const { id } = await ask<RunRecord>("POST", address(["runs"]), {
      model,
      policies,
      baselineFirst: run.baselineFirst,
      description: run.description,
      ...limitFields(limits),
      ...(run.name === "" ? {} : { name: run.name }),
      ...(run.options.trim() === "" ? {} : { options: JSON.parse(run.options) }),
    });
    onDone();
    location.hash = `#/runs/${id}`;
  };
  if (ready.length === 0)
    return (
      <p class="dim">
        There is no model with a version yet: <code>entrepot runs model deploy</code>
      </p>
    );
  return (
    <form
      class="card"
      aria-label="New run"
      onSubmit={(event) => {
        event.preventDefault();
        void act(create, "The run is made; add its files, then start it.");
      }}
    >
      <label>
        Model
        <select
          value={model}
          onChange={({ currentTarget }) => {
            setRun({ ...run, model: currentTarget.value });
            setLimits({ ...limits, version: "" });
          }}
        >
          {ready.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        Name
        <input value={run.name} onInput={({ currentTarget }) => setRun({ ...run, name: currentTarget.value })} />
      </label>
      <label>
        Description
        <input
          value={run.description}
          onInput={({ currentTarget }) => setRun({ ...run, description: currentTarget.value })}
        />
      </label>
      <label>
        Policies, one a line, the baseline first
        <textarea
          rows={3}
          value={run.policies}
          onInput={({ currentTarget }) => setRun({ ...run, policies: currentTarget.value })}
        />
      </label>
      <label>
        Options (JSON)
        <textarea
          rows={2}
          placeholder='{ "first_year": 2024 }'
          spellcheck={false}
          value={run.options}
          aria-invalid={mistake !== undefined}
          aria-describedby="new-run-mistake"
          onInput={({ currentTarget }) => setRun({ ...run, options: currentTarget.value })}
        />
      </label>
      <p id="new-run-mistake" class="mistake" role="status">
        {mistake}
      </p>
      <label class="check">
        <input
          type="checkbox"
          checked={run.baselineFirst}
          onChange={({ currentTarget }) => setRun({ ...run, baselineFirst: currentTarget.checked })}
        />
        The others wait for the baseline
      </label>
      <NewRunLimits model={model} limits={limits} onLimits={setLimits} />
      <p class="row">
        <button type="submit" class="first" disabled={isBusy || mistake !== undefined}>
          Create
        </button>
        <button type="button" onClick={onDone}>
          Cancel
        </button>
      </p>
    </form>
  );
}
