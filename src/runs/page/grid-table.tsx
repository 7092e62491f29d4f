/** CSV as a table of fields; the first row names the columns. */
import { useState } from "preact/hooks";
import type { Grid } from "./csv.ts";

interface GridTableProps {
  readonly label: string;
  readonly grid: Grid;
  readonly mayChange: boolean;
  readonly isBusy: boolean;
  readonly onSave: (grid: Grid) => void;
  readonly onCancel: () => void;
  readonly onText: (grid: Grid) => void;
}

export function GridTable({ label, grid, mayChange, isBusy, onSave, onCancel, onText }: GridTableProps) {
  const [rows, setRows] = useState(grid.rows);
  const [names = [], ...body] = rows;
  const now = { ...grid, rows };
  const change = (at: number, column: number, value: string) =>
    setRows(
      rows.map((row, index) => (index === at ? row.map((cell, place) => (place === column ? value : cell)) : row)),
    );
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
            {body.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>
                    {mayChange ? (
                      <input
                        value={cell}
                        aria-label={`${names[column] ?? ""}, row ${index + 1}`}
                        onInput={({ currentTarget }) => change(index + 1, column, currentTarget.value)}
                      />
                    ) : (
                      cell
                    )}
                  </td>
                ))}
                {mayChange && (
                  <td>
                    <button
                      type="button"
                      class="plain"
                      aria-label={`Remove row ${index + 1}`}
                      onClick={() => setRows(rows.filter((_, at) => at !== index + 1))}
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
      <p class="row">
        {mayChange && (
          <>
            <button type="submit" class="first" disabled={isBusy}>
              Save
            </button>
            <button type="button" onClick={() => setRows([...rows, names.map(() => "")])}>
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
