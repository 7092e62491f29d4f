/** CSV as a table of fields; the first row names the columns. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Grid, withCell, withNewRow, withoutRow } from "./csv.ts";
import { asShown, withLineEnds } from "./line-ends.ts";

interface GridTableProps {
  readonly label: string;
  /** What there is to say about it above the buttons. */
  readonly late: ComponentChildren;
  readonly grid: Grid;
  readonly mayChange: boolean;
  readonly isBusy: boolean;
  readonly onSave: (grid: Grid) => void;
  readonly onCancel: () => void;
  readonly onText: (grid: Grid) => void;
}

export function GridTable({ label, late, grid, mayChange, isBusy, onSave, onCancel, onText }: GridTableProps) {
  const [now, setNow] = useState(grid);
  const [head, ...body] = now.rows;
  const names = head?.cells.map(({ text }) => text) ?? [];
  return (
    <form
      class="editor"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        onSave(now);
      }}
    >
      <div class="scroll">
        <table class="grid">
          <thead>
            <tr>
              {names.map((name, column) => (
                <th scope="col" key={column}>
                  {name}
                </th>
              ))}
              {mayChange && (
                <th scope="col">
                  <span class="unseen">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {body.map(({ cells }, index) => (
              <tr key={index}>
                {cells.map(({ text }, column) => (
                  <td key={column}>
                    {mayChange ? (
                      <CellField
                        text={text}
                        label={`${names[column] ?? ""}, row ${index + 1}`}
                        onText={(changed) => setNow(withCell(now, index + 1, column, changed))}
                      />
                    ) : (
                      text
                    )}
                  </td>
                ))}
                {mayChange && (
                  <td>
                    <button
                      type="button"
                      class="plain"
                      aria-label={`Remove row ${index + 1}`}
                      onClick={() => setNow(withoutRow(now, index + 1))}
                    >
                      ×
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {late}
      <p class="row">
        {mayChange && (
          <>
            <button type="submit" class="first" disabled={isBusy}>
              Save
            </button>
            <button type="button" onClick={() => setNow(withNewRow(now))}>
              Add row
            </button>
          </>
        )}
        <button type="button" onClick={() => onText(now)}>
          As text
        </button>
        <button type="button" onClick={onCancel}>
          {mayChange ? "Cancel" : "Close"}
        </button>
      </p>
    </form>
  );
}

/** A text of several lines is no value of a field of one: it would lose them. */
function CellField({
  text,
  label,
  onText,
}: {
  readonly text: string;
  readonly label: string;
  readonly onText: (text: string) => void;
}) {
  const shown = asShown(text);
  // one whose last line end was deleted stays the field that is typed in
  const [wasOfLines] = useState(shown.includes("\n"));
  if (!wasOfLines && !shown.includes("\n"))
    return <input value={text} aria-label={label} onInput={({ currentTarget }) => onText(currentTarget.value)} />;
  return (
    <textarea
      rows={2}
      value={shown}
      aria-label={label}
      onInput={({ currentTarget }) => onText(withLineEnds(text, currentTarget.value))}
    />
  );
}
