/** One export to be read, wherever it lies. */
import type { FileStat } from "../../../disk/index.ts";

export interface ExportFile {
  /** Named in errors. */
  readonly uri: string;
  /** Its last name: where nothing in it tells what it is, this does. */
  readonly name: string;
  /** What the source column says. */
  readonly source: string;
  /** Of its version; empty where nothing tells it, and then nothing of it is kept. */
  readonly etag: string;
  /** Of one that may be replaced at its path by others: refuses, with `changed`, a file that is not the one that is meant. */
  readonly check?: ((found: FileStat) => void) | undefined;
  /** Gives the path of a file of this disk that holds it, for as long as `use` takes. */
  open<T>(use: (path: string) => Promise<T>): Promise<T>;
}
