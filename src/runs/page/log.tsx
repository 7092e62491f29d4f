/** What the programs say, as they say it; stays at the end unless somebody scrolled up to read. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { RunState } from "../store/records.ts";
import { formatCount } from "./shown.tsx";
import type { LogEvent } from "./use-run.tsx";

interface LogProps {
  readonly lines: readonly LogEvent[];
  readonly isCut: boolean;
  readonly policies: readonly string[];
  readonly state: RunState;
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

export function Log({ lines, isCut, policies, state }: LogProps) {
  const [policy, setPolicy] = useState("");
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const shown = policy === "" ? lines : lines.filter(({ policyId }) => policyId === policy);
  useEffect(() => {
    if (isAtEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [shown.length, policy]);
  if (state === "created") return null;
  return (
    <section aria-labelledby="log-title">
      <div class="row">
        <h3 id="log-title">Log</h3>
        {policies.length > 1 && (
          <select
            class="narrow"
            aria-label="Show the log of"
            value={policy}
            onChange={({ currentTarget }) => setPolicy(currentTarget.value)}
          >
            <option value="">all policies</option>
            {policies.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
      </div>
      {isCut && <p class="dim">The last {formatCount(lines.length, "line")}; all of them: entrepot runs logs</p>}
      {/* it can be scrolled, so that the keyboard must reach it; read out only when asked for: there may be thousands of lines */}
      <div
        class="log"
        ref={box}
        role="log"
        aria-live="off"
        aria-labelledby="log-title"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {shown.length === 0 && <p class="dim">{state === "running" ? "Nothing yet." : "There are no lines."}</p>}
        {shown.map(({ at, timeMs, policyId, stream, line }) => (
          <div key={at} class={stream}>
            <span class="dim">
              {clock.format(timeMs)} {policies.length > 1 && policy === "" ? policyId : ""}
            </span>{" "}
            {line}
          </div>
        ))}
      </div>
    </section>
  );
}
