/** Exports as Pega writes them, made up: the same keys and shapes, none of its data. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rawZip } from "../raw-archives.ts";

/** Rows of `Data-Decision-ADM-ModelSnapshot`, `snapshot` counts days. */
export function modelRows(count: number, snapshot = 1): Record<string, unknown>[] {
  const day = String(snapshot).padStart(2, "0");
  return Array.from({ length: count }, (_, n) => ({
    pxObjClass: "Data-Decision-ADM-ModelSnapshot",
    pyModelID: `model-${n}`,
    pyName: n % 3 === 0 ? `{"pyName":"Offer${n}","pyTreatment":"Banner"}` : `Offer${n}`,
    pyConfigurationName: "OmniAdaptiveModel",
    pyIssue: "Sales",
    pyGroup: n % 2 === 0 ? "Cards" : "Loans",
    pyChannel: "Web",
    pyDirection: n % 5 === 0 ? null : "Inbound",
    pyAppliesToClass: "Data-Decision-Request-Customer",
    pyPositives: n * snapshot,
    pyNegatives: 100 * snapshot,
    pyResponseCount: n * snapshot + 100 * snapshot,
    pyPerformance: n === 0 ? 0 : 0.5 + n / 1000,
    pySnapshotTime: `202106${day}T082326.789 GMT`,
    pzInsKey: `DATA-DECISION-ADM-MODELSNAPSHOT MODEL-${n}!202106${day}T082326.789 GMT`,
  }));
}

export const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

/** What Pega calls its files. */
export function exportName(table: string, day: number, suffix: string): string {
  return `${table}_202106${String(day).padStart(2, "0")}T131808_GMT${suffix}`;
}

export const zipOf = (files: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  rawZip(Object.entries(files).map(([name, body]) => ({ name, body, method: 8 })));

export const gzOf = (text: string | Uint8Array): Uint8Array => gzipSync(text);

export async function write(folder: string, name: string, body: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, body);
  return path;
}
