/** One output: a table, a text, a picture, or why it is not shown. Markup in it stays text. */
import { useContext, useEffect, useState } from "preact/hooks";
import type { Preview as PreviewForm } from "../serve/preview-form.ts";
import type { OutputRecord } from "../store/records.ts";
import { address, ask } from "./ask.tsx";
import { parseGrid } from "./csv.ts";
import { indentJson } from "./json-indent.ts";
import { Say } from "./notice.tsx";
import { formatCount } from "./shown.tsx";

/** Rows and columns of CSV that the server has not read as a table. */
const [mostRows, mostColumns] = [200, 200];
const numeric = /^u?int|^float|^decimal/;

export function Preview({
  runId,
  output: { policyId, path },
}: {
  readonly runId: string;
  readonly output: OutputRecord;
}) {
  const say = useContext(Say);
  const [shown, setShown] = useState<PreviewForm>();
  useEffect(() => {
    ask<PreviewForm>("GET", address(["runs", runId, "preview"], { policy: policyId, path })).then(
      setShown,
      (error: Error) => {
        setShown({ kind: "none", reason: "it could not be read" });
        say({ text: error.message, isError: true });
      },
    );
  }, [runId, policyId, path, say]);
  if (shown === undefined) return <p class="dim">Loading…</p>;
  switch (shown.kind) {
    case "none":
      return (
        <p class="dim">There is no preview: {shown.needs === undefined ? shown.reason : needText(shown.needs)}.</p>
      );
    case "image":
      return <img src={address(["runs", runId, "output"], { policy: policyId, path })} alt={path} />;
    case "text":
      return <TextPreview path={path} {...shown} />;
    case "table":
      return <Table {...shown} />;
  }
}

function needText(needs: string): string {
  return `tables need the package ${needs} where the server runs`;
}

function TextPreview({
  path,
  text,
  isWhole,
  needs,
}: Extract<PreviewForm, { kind: "text" }> & { readonly path: string }) {
  const table = needs !== undefined && /\.csv$/i.test(path) ? tableOfCsv(text, isWhole) : undefined;
  return (
    <>
      {table !== undefined && <Table {...table} />}
      {table === undefined && <pre>{/\.json$/i.test(path) ? indentJson(text, isWhole) : text}</pre>}
      {table === undefined && !isWhole && <p class="dim">Its beginning only.</p>}
      {needs !== undefined && <p class="dim">Shown as text: {needText(needs)}.</p>}
    </>
  );
}

/** `undefined` for what is no grid. */
function tableOfCsv(text: string, isWhole: boolean): Extract<PreviewForm, { kind: "table" }> | undefined {
  // the last line of a beginning may be half of one
  const lines = isWhole ? text : text.slice(0, text.lastIndexOf("\n") + 1);
  const grid = parseGrid(lines, { rows: mostRows + 2, cells: (mostRows + 2) * mostColumns });
  const [head, ...body] = grid?.rows.map(({ cells }) => cells.map((cell) => cell.text)) ?? [];
  if (head === undefined) return undefined;
  const rows = body.slice(0, mostRows);
  return {
    kind: "table",
    columns: head.map((name) => ({ name, type: "" })),
    rows,
    isWhole: isWhole && rows.length === body.length,
  };
}

function Table({ columns, rows, isWhole }: Extract<PreviewForm, { kind: "table" }>) {
  return (
    <>
      <div class="scroll">
        <table class="grid">
          <thead>
            <tr>
              {columns.map(({ name, type }, at) => (
                <th scope="col" key={at} class={numeric.test(type) ? "number" : ""}>
                  {name}
                  {type !== "" && <span class="dim under">{type}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, at) => (
                  <td key={at} class={numeric.test(columns[at]?.type ?? "") ? "number" : ""}>
                    {cell ?? <span class="dim">–</span>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="dim">
        {isWhole ? formatCount(rows.length, "row") : `The first ${formatCount(rows.length, "row")}`},{" "}
        {formatCount(columns.length, "column")}
      </p>
    </>
  );
}
