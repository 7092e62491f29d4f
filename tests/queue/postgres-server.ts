/** A PostgreSQL server of Debian's packages on a socket of its own, for tests. Says loudly when there is none. */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const packages = "/usr/lib/postgresql";

/** Folder of the programs, of the newest release; `undefined` where there is none, which is said on stderr. */
export function postgresPrograms(): string | undefined {
  const releases = existsSync(packages) ? readdirSync(packages).sort((a, b) => Number(b) - Number(a)) : [];
  const found = releases
    .map((release) => join(packages, release, "bin"))
    .find((path) => existsSync(join(path, "initdb")));
  if (found === undefined)
    process.stderr.write("SKIPPED: no PostgreSQL server is installed (apt install postgresql)\n");
  return found;
}

export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  /** Breaks every connection and ends, in good order. */
  halt(): Promise<void>;
  /** After `halt`, on the same port with the same data. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

export async function startPostgres(programs: string): Promise<PostgresServer> {
  const data = await mkdtemp(join(tmpdir(), "entrepot-pg-"));
  // The server refuses to be root; started as its user and not through another program, so that its pid is known.
  const user = process.getuid?.() === 0 ? { uid: numberOf("-u"), gid: numberOf("-g") } : {};
  if (user.uid !== undefined) await chown(data, user.uid, user.gid);
  const options = { cwd: data, stdio: "ignore", ...user } as const;
  execFileSync(
    join(programs, "initdb"),
    ["-D", join(data, "db"), "-U", "postgres", "-A", "trust", "--no-sync"],
    options,
  );
  const port = await freePort();
  const settings = ["listen_addresses=127.0.0.1", "max_connections=200", "fsync=off"].flatMap((one) => ["-c", one]);
  const place = ["-D", join(data, "db"), "-p", String(port), "-k", data];
  const start = async () => {
    const server = spawn(join(programs, "postgres"), [...place, ...settings], options);
    const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
    await isReady(programs, port);
    return { server, ended };
  };
  let running = await start();
  const halt = async () => {
    running.server.kill("SIGINT");
    await running.ended;
  };
  return {
    port,
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    halt,
    async resume() {
      running = await start();
    },
    stop: async () => {
      await halt();
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function isReady(programs: string, port: number): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      execFileSync(join(programs, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await pause(100);
    }
  }
}

function numberOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
