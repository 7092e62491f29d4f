/** The files of one folder of this disk, as parameter files: those that are no folder and do not begin with a dot. */
import { pathToFileURL } from "node:url";
import { type Depot, unwatched } from "../../depot/index.ts";
import { EntrepotError } from "../../error/index.ts";
import type { Bytes } from "../../store/index.ts";
import { checkFileName, mostRunBytes } from "../store/index.ts";

/** A folder that is not there has none. Errors: unsafe-key for a name that a database would not take, limit-exceeded. */
export async function filesOfFolder(data: Depot, folder: string): Promise<Map<string, Bytes>> {
  return unwatched(async () => {
    const files = new Map<string, Bytes>();
    const at = pathToFileURL(folder.endsWith("/") ? folder : `${folder}/`).href;
    let sizeBytes = 0;
    for (const entry of await data.list(at, { depth: 1 }).toArray()) {
      if (entry.path.startsWith(".")) continue;
      sizeBytes += entry.sizeBytes;
      if (sizeBytes > mostRunBytes)
        throw new EntrepotError("limit-exceeded", `the files of ${folder} are more than ${mostRunBytes} bytes`, {
          hint: "parameter files are small: read larger inputs through the depot",
        });
      files.set(checkFileName(entry.path), await data.readBytes(entry.uri));
    }
    return files;
  });
}
