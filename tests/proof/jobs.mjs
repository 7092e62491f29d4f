/** What workers can be told to do. Each gives what it tried and what was wrong; bytes stay in the worker. */
import { keys } from "./jobs/keys.mjs";
import { moving } from "./jobs/moving.mjs";
import { reading } from "./jobs/reading.mjs";
import { using } from "./jobs/using.mjs";

export const jobs = { ...reading, ...using, ...keys, ...moving };
