/** A database of one of the kinds, and queues in it that are closed when their test ends. */

import { onTestFinished } from "vitest";
import {
  type Database,
  type DatabasePlace,
  type OpenQueueOptions,
  openDatabase,
  openQueue,
  type Queue,
} from "../../src/queue/index.ts";
import type { Kind } from "./places.ts";

export interface Queues {
  readonly place: DatabasePlace;
  readonly database: Database;
  /** One of its own, by a name that no other test has. `over` stands before the database. */
  queueOf(options?: OpenQueueOptions, over?: Database): Promise<Queue>;
  close(): Promise<void>;
}

export async function openQueues(open: Kind["open"]): Promise<Queues> {
  const opened = await open();
  const database = await openDatabase({ ...opened.place, connectMs: 60_000 });
  let number = 0;
  return {
    place: opened.place,
    database,
    async queueOf(options, over = database) {
      number += 1;
      const queue = await openQueue(over, { name: `q${number}`, ...options });
      onTestFinished(() => queue.close());
      return queue;
    },
    async close() {
      await database.close();
      await opened.close();
    },
  };
}
