/** A file of text as what it is: a grid for CSV, checked JSON, else text. Saving over what somebody else changed is refused. */
import { useContext, useEffect, useState } from "preact/hooks";
import type { FileRecord } from "../store/records.ts";
import { ask, readFileText } from "./ask.tsx";
import { formatGrid, parseGrid } from "./csv.ts";
import { fileAddress } from "./file-address.tsx";
import { GridTable } from "./grid-table.tsx";
import { JsonText } from "./json-text.tsx";
import { Say, useWork } from "./notice.tsx";

interface EditorProps {
  readonly file: FileRecord;
  readonly mayChange: boolean;
  readonly onDone: () => Promise<void>;
}

/** More is for a program of its own. */
const mostBytes = 512 * 1024;

export function Editor({ file, mayChange, onDone }: EditorProps) {
  const say = useContext(Say);
  const [text, setText] = useState<string>();
  const [isAsText, setAsText] = useState(false);
  const { isBusy, act } = useWork();
  const at = fileAddress(file);
  // what is edited, whatever others have put there meanwhile
  const [sha256] = useState(file.sha256);
  const isLarge = file.sizeBytes > mostBytes;
  useEffect(() => {
    if (!isLarge) readFileText(at).then(setText, (error: Error) => say({ text: error.message, isError: true }));
  }, [at, isLarge, say]);
  if (isLarge) return <p class="dim">It is too large to show here: download it.</p>;
  if (text === undefined) return <p class="dim">Loading…</p>;
  const save = (changed: string) =>
    void act(async () => {
      await ask("PUT", at, new Blob([changed]), sha256);
      await onDone();
    }, `${file.name} is saved.`);
  const grid = file.type === "csv" && !isAsText ? parseGrid(text) : undefined;
  if (grid !== undefined)
    return (
      <GridTable
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
      label={file.name}
      text={text}
      isFree={file.type !== "json"}
      isBusy={isBusy}
      onText={setText}
      onSave={() => save(text)}
      onCancel={() => void onDone()}
    />
  );
}
