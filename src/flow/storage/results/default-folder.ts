/** Where results of direct calls are kept when nobody says where: beside the copies of objects. */
import { describeSettings } from "../../../depot/index.ts";

export function resultsFolder(): string {
  const folder = describeSettings({}).find(({ name }) => name === "cache.dir")?.value;
  if (folder === undefined) throw new TypeError("the cache has no folder");
  return `${folder}/results`;
}
