/** The two kinds of database, for tests that hold for both. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabasePlace } from "../../src/queue/index.ts";
import { postgresPrograms, startPostgres } from "./postgres-server.ts";

export interface Kind {
  readonly kind: "embedded" | "server";
  open(): Promise<{ readonly place: DatabasePlace; close(): Promise<void> }>;
}

const programs = postgresPrograms();

export const kinds: readonly Kind[] = [
  {
    kind: "embedded",
    open: async () => {
      const dir = await mkdtemp(join(tmpdir(), "entrepot-queue-"));
      return { place: { dir }, close: () => rm(dir, { recursive: true, force: true }) };
    },
  },
  ...(programs === undefined
    ? []
    : [
        {
          kind: "server" as const,
          open: async () => {
            const server = await startPostgres(programs);
            return { place: { url: server.url }, close: () => server.stop() };
          },
        },
      ]),
];
