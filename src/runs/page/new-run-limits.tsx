/** Of a new run: which version of its model, how often a policy is tried again, and how long an attempt may take. */
import { useEffect, useState } from "preact/hooks";
import type { ModelVersion } from "../store/records.ts";
import { address, ask } from "./ask.tsx";

/** As they are typed; empty is the default. */
export interface RunLimits {
  readonly version: string;
  readonly retries: string;
  /** Minutes. */
  readonly timeout: string;
}

export const noLimits: RunLimits = { version: "", retries: "", timeout: "" };

/** The fields of a request that makes a run. */
export function limitFields({ version, retries, timeout }: RunLimits): Readonly<Record<string, unknown>> {
  return {
    ...(version === "" ? {} : { version }),
    ...(retries === "" ? {} : { retries: Number(retries) }),
    ...(timeout === "" ? {} : { timeoutSeconds: Math.ceil(Number(timeout) * 60) }),
  };
}

interface LimitsProps {
  readonly model: string;
  readonly limits: RunLimits;
  readonly onLimits: (limits: RunLimits) => void;
}

export function NewRunLimits({ model, limits, onLimits }: LimitsProps) {
  const [versions, setVersions] = useState<readonly ModelVersion[]>([]);
  useEffect(() => {
    let isOver = false;
    // without the list there is still the newest
    ask<readonly ModelVersion[]>("GET", address(["models", model, "versions"])).then(
      (found) => !isOver && setVersions(found),
      () => !isOver && setVersions([]),
    );
    return () => {
      isOver = true;
    };
  }, [model]);
  return (
    <div class="limits">
      <label>
        Version
        <select
          value={limits.version}
          onChange={({ currentTarget }) => onLimits({ ...limits, version: currentTarget.value })}
        >
          <option value="">newest</option>
          {versions.map(({ version }) => (
            <option key={version}>{version}</option>
          ))}
        </select>
      </label>
      <label>
        Retries
        <input
          type="number"
          min={0}
          max={100}
          placeholder="2"
          value={limits.retries}
          onInput={({ currentTarget }) => onLimits({ ...limits, retries: currentTarget.value })}
        />
      </label>
      <label>
        Time-out of an attempt, minutes
        <input
          type="number"
          min={1}
          max={43_200}
          placeholder="none"
          value={limits.timeout}
          onInput={({ currentTarget }) => onLimits({ ...limits, timeout: currentTarget.value })}
        />
      </label>
    </div>
  );
}
