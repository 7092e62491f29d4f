/** The options of a run: JSON, changed before it starts. */
import { useState } from "preact/hooks";
import type { RunRecord } from "../store/records.ts";
import { address, ask } from "./ask.tsx";
import { JsonText } from "./json-text.tsx";
import { useWork } from "./notice.tsx";

export function Options({
  run,
  mayChange,
  refresh,
}: {
  readonly run: RunRecord;
  readonly mayChange: boolean;
  readonly refresh: () => Promise<void>;
}) {
  const [text, setText] = useState<string>();
  const { isBusy, act } = useWork();
  const stored = JSON.stringify(run.options, null, 2);
  return (
    <section aria-labelledby="options-title">
      <div class="row">
        <h3 id="options-title">Options</h3>
        {mayChange && text === undefined && (
          <button type="button" onClick={() => setText(stored)}>
            Edit options
          </button>
        )}
      </div>
      {text === undefined || !mayChange ? (
        <pre>{stored}</pre>
      ) : (
        <JsonText
          label="Options as JSON"
          text={text}
          isBusy={isBusy}
          onText={setText}
          onCancel={() => setText(undefined)}
          onSave={() =>
            void act(async () => {
              await ask("PATCH", address(["runs", run.id]), { options: JSON.parse(text) });
              setText(undefined);
              await refresh();
            }, "The options are saved.")
          }
        />
      )}
    </section>
  );
}
