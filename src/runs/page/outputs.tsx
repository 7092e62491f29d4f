/** What came out, by policy; one of them at a time is looked at. */
import { useState } from "preact/hooks";
import type { OutputRecord, RunRecord } from "../store/records.ts";
import { address } from "./ask.tsx";
import { Preview } from "./preview.tsx";
import { formatSize } from "./shown.tsx";

export function Outputs({ run, outputs }: { readonly run: RunRecord; readonly outputs: readonly OutputRecord[] }) {
  const [open, setOpen] = useState<string>();
  if (run.state === "created") return null;
  const policies = run.policies.filter((policy) => outputs.some(({ policyId }) => policyId === policy));
  return (
    <section aria-labelledby="outputs-title">
      <h3 id="outputs-title">Outputs</h3>
      {outputs.length === 0 && <p class="dim">None yet: they are here when a policy is done.</p>}
      {policies.map((policy) => (
        <div key={policy}>
          <h4>{policy}</h4>
          <ul class="things">
            {outputs
              .filter(({ policyId }) => policyId === policy)
              .map((output) => {
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
                          aria-expanded={open === name}
                          aria-label={`Preview ${path} of ${policy}`}
                          onClick={() => setOpen(open === name ? undefined : name)}
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
                    {open === name && <Preview runId={run.id} output={output} />}
                  </li>
                );
              })}
          </ul>
        </div>
      ))}
    </section>
  );
}
