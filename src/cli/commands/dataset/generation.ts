/** A generation of a dataset as commands tell it. */
import type { DatasetGeneration } from "../../../depot/index.ts";
import { printable } from "../../escape.ts";
import { formatCount, formatSize, formatTime } from "../../measure.ts";
import type { JsonObject, Message } from "../../message.ts";

export function generationMessage(generation: DatasetGeneration): Message {
  const { generation: name, uri, objects, sizeBytes, publishedMs, isCurrent } = generation;
  const columns = [
    isCurrent ? "*" : " ",
    name,
    formatTime(publishedMs),
    formatCount(objects, "file").padStart(12),
    formatSize(sizeBytes).padStart(9),
  ];
  return { text: () => `${columns.join("  ")}  ${printable(uri)}`, json: () => generationJson(generation) };
}

export function generationJson({
  generation,
  uri,
  objects,
  sizeBytes,
  publishedMs,
  isCurrent,
}: DatasetGeneration): JsonObject {
  return { type: "generation", generation, uri, objects, sizeBytes, publishedMs, isCurrent };
}
