/** SQL over frames, by polars. */
import { EntrepotError } from "../error/index.ts";
import type { DataFrame, LazyDataFrame, Polars } from "./engine.ts";
import { collect } from "./read/question.ts";

/** Error: malformed for SQL that polars does not understand, with what it says. */
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
    return await collect(new SQLContext({ ...tables }).execute(sql), false);
  } catch (error) {
    const said = error instanceof Error && !(error instanceof TypeError) ? `: ${error.message.split("\n", 1)[0]}` : "";
    throw new EntrepotError("malformed", `polars does not understand the query${said}`, {
      cause: error,
      hint: `the tables are ${Object.keys(tables).join(", ")}; it must be one select`,
    });
  }
}
