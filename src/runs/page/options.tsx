/** The options of a run: JSON, changed before it starts. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { RunRecord } from "../store/records.ts";
import { address, ask, type HeldText } from "./ask.tsx";
import { optionsMistake } from "./json-mistake.ts";
import { JsonText } from "./json-text.tsx";
import { useWork } from "./notice.tsx";
import { isOutdated, Outdated } from "./outdated.tsx";

export function Options({
  run,
  mayChange,
  refresh,
}: {
  readonly run: RunRecord;
  readonly mayChange: boolean;
  readonly refresh: () => Promise<void>;
}) {
  /** As they are edited, and the run that they were read from. */
  const [held, setHeld] = useState<HeldText>();
  const [isLate, setLate] = useState(false);
  const { isBusy, act } = useWork();
  const edit = useRef<HTMLButtonElement>(null);
  const close = () => {
    setHeld(undefined);
    setLate(false);
    wasClosed.current = true;
  };
  /** The keyboard goes on where it began. */
  const wasClosed = useRef(false);
  useEffect(() => {
    if (held !== undefined || !wasClosed.current) return;
    wasClosed.current = false;
    edit.current?.focus();
  }, [held]);
  const save = async ({ text, etag }: HeldText) => {
    try {
      await ask("PATCH", address(["runs", run.id]), { options: JSON.parse(text) }, etag);
    } catch (error) {
      setLate(isOutdated(error));
      throw error;
    }
    close();
    await refresh();
  };
  const stored = JSON.stringify(run.options, null, 2);
  return (
    <section aria-labelledby="options-title">
      <div class="row">
        <h3 id="options-title">Options</h3>
        {mayChange && held === undefined && (
          <button type="button" ref={edit} onClick={() => setHeld({ text: stored, etag: run.etag })}>
            Edit options
          </button>
        )}
      </div>
      {held === undefined || !mayChange ? (
        <pre>{stored}</pre>
      ) : (
        <JsonText
          label="Options as JSON"
          late={isLate && <Outdated onReload={() => void act(() => refresh().then(close))} />}
          text={held.text}
          mistakeIn={optionsMistake}
          isBusy={isBusy}
          onText={(text) => setHeld({ ...held, text })}
          onCancel={close}
          onSave={() => void act(() => save(held), "The options are saved.")}
        />
      )}
    </section>
  );
}
