import { afterAll, beforeAll, expect, test } from "vitest";
import { type PostgresServer, postgresPrograms, startPostgres } from "../../../tests/queue/postgres-server.ts";
import { openPool } from "./pool.ts";

const programs = postgresPrograms();
let server: PostgresServer | undefined;
beforeAll(async () => {
  if (programs !== undefined) server = await startPostgres(programs);
}, 60_000);
afterAll(() => server?.stop());

test.skipIf(programs === undefined)("a connection that breaks as it is lent ends no process", async () => {
  const pool = await openPool({ url: server?.url, connections: 1, connectMs: 5_000 });
  for (let round = 0; round < 2; round += 1) {
    const client = await pool.connect();
    // as the socket does between the moment in which the pool lends it and that in which it is used
    expect(() => client.emit("error", new Error("the server went"))).not.toThrow();
    client.release();
  }
  await pool.end();
});
