/** What came out, by policy; any of them are looked at. */
import { useState } from "preact/hooks";
import type { OutputRecord, RunRecord } from "../store/records.ts";
import { address } from "./ask.tsx";
import { More, type Paged } from "./paged.tsx";
import { Preview } from "./preview.tsx";
import { formatSize } from "./shown.tsx";

export function Outputs({
  run,
  outputs,
  more,
}: {
  readonly run: RunRecord;
  readonly outputs: Paged<OutputRecord>;
  readonly more: () => Promise<void>;
}) {
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string) =>
    setOpen((before) => new Set(before.has(name) ? [...before].filter((each) => each !== name) : [...before, name]));
  if (run.state === "created") return null;
  /** In the order of the list, which is that of the policies. */
  const byPolicy = new Map<string, OutputRecord[]>();
  for (const output of outputs.items) byPolicy.set(output.policyId, [...(byPolicy.get(output.policyId) ?? []), output]);
  return (
    <section aria-labelledby="outputs-title">
      <h3 id="outputs-title">Outputs</h3>
      {outputs.items.length === 0 && (
        <p class="dim">
          {run.state === "running" ? "None yet: they are here when a policy is done." : "There are none."}
        </p>
      )}
      {[...byPolicy].map(([policy, own]) => (
        <div key={policy}>
          <h4>{policy}</h4>
          <ul class="things">
            {inReadingOrder(own).map((output) => {
              const { path, sizeBytes } = output;
              const name = `${policy}/${path}`;
              return (
                <li key={name}>
                  <div class="row">
                    <span>
                      <strong>{path}</strong> <span class="dim">{formatSize(sizeBytes)}</span>
                    </span>
                    <span class="row">
                      <button
                        type="button"
                        aria-expanded={open.has(name)}
                        aria-label={`Preview ${path} of ${policy}`}
                        onClick={() => toggle(name)}
                      >
                        Preview
                      </button>
                      <a
                        href={address(["runs", run.id, "output"], { policy, path })}
                        download
                        aria-label={`Download ${path} of ${policy}`}
                      >
                        Download
                      </a>
                    </span>
                  </div>
                  {open.has(name) && <Preview runId={run.id} output={output} />}
                </li>
              );
            })}
          </ul>
        </div>
      ))}
      {outputs.next !== undefined && <More onMore={more} />}
    </section>
  );
}

/** What an attempt was made from and has written is of interest after what came out. */
const lockFile = /^(?:inputs|outputs)\.lock\.json$/;

function inReadingOrder(outputs: readonly OutputRecord[]): readonly OutputRecord[] {
  const isLock = ({ path }: OutputRecord) => lockFile.test(path);
  return [...outputs.filter((each) => !isLock(each)), ...outputs.filter(isLock)];
}
