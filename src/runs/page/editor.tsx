/** A file of text as what it is: a grid for CSV, checked JSON, else text. Saving over what somebody else changed is refused. */
import { useCallback, useContext, useEffect, useState } from "preact/hooks";
import type { FileRecord } from "../store/records.ts";
import { ask, type HeldText, readFileText } from "./ask.tsx";
import { formatGrid, parseGrid } from "./csv.ts";
import { fileAddress } from "./file-address.tsx";
import { GridTable } from "./grid-table.tsx";
import { jsonMistake } from "./json-mistake.ts";
import { JsonText } from "./json-text.tsx";
import { Say, useWork } from "./notice.tsx";
import { isOutdated, Outdated } from "./outdated.tsx";

interface EditorProps {
  readonly file: FileRecord;
  readonly mayChange: boolean;
  readonly onDone: () => Promise<void>;
  /** What others have done to the run is looked at; it stays open. */
  readonly refresh: () => Promise<void>;
}

/** More is for a program of its own. */
const mostBytes = 512 * 1024;

export function Editor({ file, mayChange, onDone, refresh }: EditorProps) {
  const say = useContext(Say);
  /** As it is edited, and the file that it was read from, whatever others have put there meanwhile. */
  const [held, setHeld] = useState<HeldText>();
  const [isLate, setLate] = useState(false);
  const [isAsText, setAsText] = useState(false);
  const { isBusy, act } = useWork();
  const at = fileAddress(file);
  const isLarge = file.sizeBytes > mostBytes;
  const load = useCallback(
    () => readFileText(at).then(setHeld, (error: Error) => say({ text: error.message, isError: true })),
    [at, say],
  );
  useEffect(() => {
    if (!isLarge) void load();
  }, [isLarge, load]);
  if (isLarge) return <p class="dim">It is too large to show here: download it.</p>;
  if (held === undefined) return <p class="dim">Loading…</p>;
  const { text, etag } = held;
  const setText = (changed: string) => setHeld({ text: changed, etag });
  const save = (changed: string) =>
    void act(async () => {
      try {
        await ask("PUT", at, new Blob([changed]), etag);
      } catch (error) {
        setLate(isOutdated(error));
        throw error;
      }
      await onDone();
    }, `${file.name} is saved.`);
  const reload = () =>
    void act(async () => {
      await refresh();
      await load();
      setLate(false);
    });
  const late = isLate && <Outdated onReload={reload} />;
  const grid = file.type === "csv" && !isAsText ? parseGrid(text) : undefined;
  if (grid !== undefined)
    return (
      <GridTable
        key={etag}
        late={late}
        label={file.name}
        grid={grid}
        mayChange={mayChange}
        isBusy={isBusy}
        onSave={(changed) => save(formatGrid(changed))}
        onCancel={() => void onDone()}
        onText={(changed) => {
          setText(formatGrid(changed));
          setAsText(true);
        }}
      />
    );
  if (!mayChange) return <pre>{text}</pre>;
  return (
    <JsonText
      late={late}
      label={file.name}
      text={text}
      mistakeIn={file.type === "json" ? jsonMistake : undefined}
      isBusy={isBusy}
      onText={setText}
      onSave={() => save(text)}
      onCancel={() => void onDone()}
    />
  );
}
