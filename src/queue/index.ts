/** Tasks that outlive the process that asks for them, over PostgreSQL or a database embedded in the processes that use it. */
export { type Clock, systemClock } from "./clock.ts";
export type { Database, Sql } from "./database/database.ts";
export { type DatabasePlace, databasePlace } from "./database/database-place.ts";
export { type OpenDatabaseOptions, openDatabase } from "./database/open-database.ts";
export { folderHolds } from "./embedded/folder-holds.ts";
export { type OpenQueueOptions, openQueue } from "./tasks/open-queue.ts";
export type { Queue, SendOptions, WorkOptions } from "./tasks/queue.ts";
export {
  isEnd,
  type RunningTask,
  type TaskData,
  type TaskOptions,
  type TaskRequest,
  type TaskState,
  type TaskStatus,
} from "./tasks/task.ts";
export { Wakefulness } from "./tasks/wakefulness.ts";
export type { TaskWorker } from "./tasks/worker.ts";
