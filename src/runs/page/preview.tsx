/** One output: a table, a text, a picture, or why it is not shown. Markup in it stays text. */
import { useContext, useEffect, useState } from "preact/hooks";
import type { Preview as PreviewForm } from "../serve/preview-form.ts";
import type { OutputRecord } from "../store/records.ts";
import { address, ask } from "./ask.tsx";
import { Say } from "./notice.tsx";
import { formatCount } from "./shown.tsx";

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
      return <p class="dim">There is no preview: {shown.reason}.</p>;
    case "image":
      return <img src={address(["runs", runId, "output"], { policy: policyId, path })} alt={path} />;
    case "text":
      return (
        <>
          <pre>{shown.text}</pre>
          {!shown.isWhole && <p class="dim">Its beginning only.</p>}
        </>
      );
    case "table":
      return <Table {...shown} />;
  }
}

function Table({ columns, rows, isWhole }: Extract<PreviewForm, { kind: "table" }>) {
  return (
    <>
      <div class="scroll">
        <table class="grid">
          <thead>
            <tr>
              {columns.map(({ name, type }) => (
                <th scope="col" key={name} class={numeric.test(type) ? "number" : ""}>
                  {name}
                  <span class="dim under">{type}</span>
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
