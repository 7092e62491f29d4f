/**
 * What runs in the thread that beats for a worker whose own thread computes. Its text is the program of the thread, so it may use nothing
 * but its argument. As long as the worker beats by itself, it asks the database for nothing, and has no connection to it.
 */

/** What the thread is told at its start. */
export interface BeatPlace {
  /** File of the package. */
  readonly pg: string;
  /** A server; or the folder that says, in the file of the highest number, where the embedded database is served. */
  readonly url: string | undefined;
  readonly lock: string | undefined;
  /** `$1` is the queue, `$2` the attempts. */
  readonly text: string;
  readonly name: string;
  /** How often it looks whether the worker is silent, milliseconds. */
  readonly lookMs: number;
  /** Counts what the worker beat itself. */
  readonly beats: SharedArrayBuffer;
}

/** What the worker runs, each as `id:retryCount`. */
export type ToBeats = readonly string[];

/** The few members of packages that are used here. */
interface Parts {
  readonly parentPort: { on(event: "message", listener: (attempts: ToBeats) => void): void };
  readonly place: BeatPlace;
  readonly Client: new (options: object) => Client;
  readonly readdirSync: (folder: string) => readonly string[];
  readonly readFileSync: (file: string, encoding: "utf8") => string;
}
interface Client {
  connect(): Promise<void>;
  on(event: "error", listener: () => void): void;
  query(text: string, values: readonly unknown[]): Promise<unknown>;
  end(): Promise<void>;
}

export function beatInThread({ parentPort, place, Client, readdirSync, readFileSync }: Parts): void {
  const beats = new Int32Array(place.beats);
  let attempts: ToBeats = [];
  let seen = 0;
  let quiet = 0;
  let client: Client | undefined;
  let isBusy = false;
  parentPort.on("message", (now) => {
    attempts = now;
  });

  const connected = async (): Promise<Client> => {
    let where: object = { connectionString: place.url };
    if (place.lock !== undefined) {
      const numbers = readdirSync(place.lock).map((name) => Number(/^held\.(\d+)$/.exec(name)?.[1] ?? 0));
      const held = JSON.parse(readFileSync(`${place.lock}/held.${Math.max(...numbers)}`, "utf8"));
      where = { host: held.socketFolder, port: 5432, user: "postgres", database: "postgres" };
    }
    const made = new Client({ ...where, connectionTimeoutMillis: 5000, application_name: "entrepot beats" });
    made.on("error", () => undefined);
    await made.connect();
    return made;
  };
  const drop = (): void => {
    client?.end().catch(() => undefined);
    client = undefined;
  };
  setInterval(async () => {
    const count = Atomics.load(beats, 0);
    quiet = count === seen ? quiet + 1 : 0;
    seen = count;
    if (isBusy) return;
    if (quiet < 2 || attempts.length === 0) return drop();
    isBusy = true;
    try {
      client ??= await connected();
      await client.query(place.text, [place.name, attempts]);
    } catch {
      // The next time, perhaps at another holder: what cannot be told in time is taken over.
      drop();
    } finally {
      isBusy = false;
    }
  }, place.lookMs);
}
