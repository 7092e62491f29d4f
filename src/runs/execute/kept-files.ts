/** Parameter files of a run that has started, which do not change any more: listed once, and small ones of all policies read once. */
import { type FileRecord, type Files, filesOfPolicy } from "../store/index.ts";

type Read = Pick<Files, "list" | "read">;

/** Together, of one run. */
const mostKeptBytes = 1024 ** 2;

export function keptFiles(files: Read, runId: string): Read {
  const contents = new Map<string, ReturnType<Files["read"]>>();
  let keptBytes = 0;
  let listed: ReturnType<Files["list"]> | undefined;
  const list = (): ReturnType<Files["list"]> => {
    listed ??= files.list(runId).catch((error: unknown) => {
      listed = undefined;
      throw error;
    });
    return listed;
  };
  return {
    list: async (_, policyId) => filesOfPolicy(await list(), policyId),
    async read(_, policyId, name) {
      const isOfAll = ({ policyId: whose, name: other }: FileRecord): boolean => whose === undefined && other === name;
      const file = policyId === undefined ? (await list()).find(isOfAll) : undefined;
      const kept = file && contents.get(name);
      if (kept !== undefined) return kept;
      const content = files.read(runId, policyId, name);
      if (file === undefined || keptBytes + file.sizeBytes > mostKeptBytes) return content;
      const { sizeBytes } = file;
      keptBytes += sizeBytes;
      contents.set(name, content);
      content.catch(() => {
        contents.delete(name);
        keptBytes -= sizeBytes;
      });
      return content;
    },
  };
}
