/** A PostgreSQL server of Debian's packages for a benchmark, with the settings that it comes with. */
import { execFileSync, spawn } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const packages = "/usr/lib/postgresql";

/** Undefined where none is installed. */
export async function startPostgres() {
  const releases = existsSync(packages) ? readdirSync(packages).sort((a, b) => Number(b) - Number(a)) : [];
  const bin = releases
    .map((release) => join(packages, release, "bin"))
    .find((path) => existsSync(join(path, "initdb")));
  if (bin === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "entrepot-bench-pg-"));
  const id = (/** @type {string} */ flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  // the server refuses to be root
  const user = process.getuid?.() === 0 ? { uid: id("-u"), gid: id("-g") } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const options = /** @type {const} */ ({ cwd: folder, stdio: "ignore", ...user });
  execFileSync(join(bin, "initdb"), ["-D", join(folder, "db"), "-U", "postgres", "-A", "trust"], options);
  const port = await freePort();
  const settings = ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", join(folder, "db"), "-p", String(port), "-k", folder, ...settings],
    options,
  );
  const ended = new Promise((resolve) => server.once("exit", resolve));
  for (let tries = 0; ; tries += 1) {
    try {
      execFileSync(join(bin, "pg_isready"), ["-h", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await pause(100);
    }
  }
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.kill("SIGINT");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
