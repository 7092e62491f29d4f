/** SQL over frames, by polars. */
import { EntrepotError } from "../error/index.ts";
import type { DataFrame, LazyDataFrame, Polars } from "./engine.ts";
import { collect } from "./read/question.ts";

/** Error: malformed for SQL that is no question, or that polars does not understand, with what it says. */
export async function queryTables(
  pl: Polars,
  sql: string,
  tables: Readonly<Record<string, DataFrame>>,
): Promise<DataFrame> {
  // what nodejs-polars says of its own default export does not say that this is a class
  const { SQLContext } = pl as unknown as {
    readonly SQLContext: new (frames: Record<string, DataFrame>) => { execute(sql: string): LazyDataFrame };
  };
  try {
    const asked = new SQLContext({ ...tables }).execute(sql);
    // what it does not understand it gives back instead of throwing it
    const { _ldf: fault } = asked as unknown as { readonly _ldf: unknown };
    if (fault instanceof Error) throw fault;
    // of anything else the answer is an empty table, whatever became of it
    if (!/^(select|with|from|values|show|explain|table)\b/i.test(firstWords(sql))) throw noQuery("", tables);
    return await collect(asked, false);
  } catch (error) {
    if (error instanceof EntrepotError) throw error;
    throw noQuery(error instanceof Error ? `: ${error.message.split("\n", 1)[0]}` : "", tables, error);
  }
}

/** Without comments and brackets before. */
function firstWords(sql: string): string {
  return sql.replace(/^(\s|\(|--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/)*/, "");
}

function noQuery(said: string, tables: Readonly<Record<string, DataFrame>>, cause?: unknown): EntrepotError {
  const known = Object.entries(tables).map(([name, { columns }]) => `${name} (${columns.join(", ")})`);
  const reason = said === "" ? "the query is no select" : `polars does not understand the query${said}`;
  return new EntrepotError("malformed", reason, {
    cause,
    hint: `the tables are ${known.join(" and ")}; it must be one select`,
  });
}
