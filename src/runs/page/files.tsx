/** Parameter files: uploaded, edited in place and taken out before the run starts, looked at after. */
import { useRef, useState } from "preact/hooks";
import { ask } from "./ask.tsx";
import { Editor } from "./editor.tsx";
import { fileAddress } from "./file-address.tsx";
import { useWork } from "./notice.tsx";
import { formatCount, formatSize } from "./shown.tsx";
import { Sure } from "./sure.tsx";
import type { RunNow } from "./use-run.tsx";

interface FailedUpload {
  readonly name: string;
  readonly why: string;
}

interface FilesProps {
  readonly now: RunNow;
  readonly mayChange: boolean;
  readonly refresh: () => Promise<void>;
}

export function Files({ now: { run, files }, mayChange, refresh }: FilesProps) {
  /** The address of the one that is open. */
  const [open, setOpen] = useState<string>();
  /** Of the one that is to be deleted, when that is sure. */
  const [asked, setAsked] = useState<string>();
  /** Where the keyboard goes on when it is closed. */
  const opener = useRef<HTMLButtonElement | null>(null);
  const [policy, setPolicy] = useState("");
  const { isBusy, act } = useWork();
  const [failed, setFailed] = useState<readonly FailedUpload[]>([]);
  /** Each of them, whatever becomes of the others. */
  const upload = async (chosen: readonly File[]) => {
    const found: FailedUpload[] = [];
    for (const file of chosen) {
      const at = fileAddress({ runId: run.id, name: file.name, policyId: policy || undefined });
      await ask("PUT", at, file).catch((error: Error) => found.push({ name: file.name, why: error.message }));
    }
    setFailed(found);
    await refresh();
    if (found.length > 0)
      throw new Error(`${found.length} of ${formatCount(chosen.length, "file")} could not be uploaded: see below`);
  };
  return (
    <section aria-labelledby="files-title">
      <h3 id="files-title">Parameter files</h3>
      {files.length === 0 && <p class="dim">None.</p>}
      <ul class="things">
        {files.map((file) => {
          const at = fileAddress(file);
          const whose = file.policyId ?? "all policies";
          return (
            <li key={at}>
              <div class="row">
                <span>
                  <strong>{file.name}</strong>{" "}
                  <span class="dim">
                    {whose}, {formatSize(file.sizeBytes)}
                  </span>
                </span>
                <span class="row">
                  {file.isText && (
                    <button
                      type="button"
                      aria-expanded={open === at}
                      aria-label={`${mayChange ? "Edit" : "Show"} ${file.name} of ${whose}`}
                      onClick={({ currentTarget }) => {
                        opener.current = currentTarget;
                        setOpen(open === at ? undefined : at);
                      }}
                    >
                      {mayChange ? "Edit" : "Show"}
                    </button>
                  )}
                  <a href={at} download={file.name} aria-label={`Download ${file.name} of ${whose}`}>
                    Download
                  </a>
                  {mayChange && asked !== at && (
                    <button
                      type="button"
                      id={`ask-${at}`}
                      disabled={isBusy}
                      aria-label={`Delete ${file.name} of ${whose}`}
                      onClick={() => setAsked(at)}
                    >
                      Delete…
                    </button>
                  )}
                </span>
              </div>
              {mayChange && asked === at && (
                <Sure
                  asker={`ask-${at}`}
                  question={`Delete ${file.name} of ${whose}? What it holds is lost.`}
                  yes="Delete for good"
                  isBusy={isBusy}
                  onYes={() => {
                    const gone = async () => {
                      await ask("DELETE", at);
                      setAsked(undefined);
                      await refresh();
                    };
                    void act(gone, `${file.name} is deleted.`);
                  }}
                  onNo={() => setAsked(undefined)}
                />
              )}
              {open === at && (
                <Editor
                  file={file}
                  mayChange={mayChange}
                  refresh={refresh}
                  onDone={async () => {
                    setOpen(undefined);
                    opener.current?.focus();
                    await refresh();
                  }}
                />
              )}
            </li>
          );
        })}
      </ul>
      {mayChange && (
        <div class="row upload">
          <label>
            For
            <select value={policy} onChange={({ currentTarget }) => setPolicy(currentTarget.value)}>
              <option value="">all policies</option>
              {run.policies.map((each) => (
                <option key={each}>{each}</option>
              ))}
            </select>
          </label>
          <label>
            Upload files
            <input
              type="file"
              multiple
              disabled={isBusy}
              onChange={({ currentTarget }) => {
                const field = currentTarget;
                void act(() => upload([...(field.files ?? [])]), "Uploaded.").then(() => {
                  field.value = "";
                });
              }}
            />
          </label>
        </div>
      )}
      {mayChange && failed.length > 0 && (
        <ul class="mistake" aria-label="Files that could not be uploaded">
          {failed.map(({ name, why }) => (
            <li key={name}>
              <strong>{name}</strong>: {why}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
