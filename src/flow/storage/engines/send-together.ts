/** Tasks that are sent at about the same time go in one statement. */
import type { TaskRequest } from "../../../queue/index.ts";

type Send = (tasks: Readonly<Record<string, TaskRequest>>) => Promise<Readonly<Record<string, string>>>;

interface Pending {
  readonly data: object;
  resolve(id: string): void;
  reject(error: unknown): void;
}

/** So many in one statement. */
const most = 200;

export function sendTogether(send: Send): (data: object) => Promise<string> {
  let pending: Pending[] = [];
  const flush = (): void => {
    for (; pending.length > 0; pending = pending.slice(most)) {
      const batch = pending.slice(0, most);
      const tasks = Object.fromEntries(batch.map(({ data }, at) => [`${at}`, { data: { ...data } }]));
      send(tasks).then(
        (ids) => {
          for (const [at, { resolve }] of batch.entries()) resolve(ids[`${at}`] ?? "");
        },
        (error) => {
          for (const { reject } of batch) reject(error);
        },
      );
    }
  };
  return (data) =>
    new Promise((resolve, reject) => {
      if (pending.length === 0) setImmediate(flush);
      pending.push({ data, resolve, reject });
    });
}
