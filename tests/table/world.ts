/** A depot in memory, tables as text in it, and their values exactly. */
import { fileURLToPath } from "node:url";
import { type Depot, entrepot, type Frame, type TableReadOptions } from "entrepot";
import { type ExactOptions, rows } from "entrepot/table";

export const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/tables/${name}`, import.meta.url));

export function memoryDepot(): Depot {
  return entrepot({ roots: { m: "memory:///" }, location: "m", cache: false, env: {}, envFile: false }) as Depot;
}

export const code = (wanted: string, message = /(?:)/) => ({
  name: "EntrepotError",
  code: wanted,
  message: expectMatch(message),
});
const expectMatch = (pattern: RegExp) => ({ asymmetricMatch: (text: string) => pattern.test(text) });

export const exact = (frame: Frame, options?: ExactOptions): Readonly<Record<string, unknown>>[] => [
  ...rows(frame, options),
];

/** Writes the text under a name with that suffix and reads it as a table. */
export async function tableOf(
  data: Depot,
  suffix: string,
  text: string | Uint8Array,
  options: TableReadOptions = {},
): Promise<Readonly<Record<string, unknown>>[]> {
  const name = `memory:///t/${Math.random()}.${suffix}`;
  await data.writeBytes(name, typeof text === "string" ? new TextEncoder().encode(text) : text);
  return exact(await data.readTable(name, options), { timestamps: "text" });
}
