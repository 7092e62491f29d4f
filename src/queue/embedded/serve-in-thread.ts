/**
 * What runs in the thread that holds the database: PGlite behind pglite-socket. Its text is the program of the thread, so it may use
 * nothing but its argument. A thread, because a busy caller must not make everybody else wait for the database.
 */

/** What the thread is told at its start. */
export interface ServePlace {
  /** Files of the two packages. */
  readonly pglite: string;
  readonly socket: string;
  /** Folder of the database. */
  readonly data: string;
  readonly socketPath: string;
  readonly maxConnections: number;
  /** After standing still for so long the thread asks whether the folder is still ours, milliseconds. */
  readonly standstillMs: number;
}

export type FromThread =
  | { readonly kind: "ready" | "confirm" | "stopped" }
  | { readonly kind: "failed"; readonly message: string };
export type ToThread = { readonly kind: "confirmed" | "stop" };

/** The few members of the packages that are used here. */
interface Parts {
  readonly parentPort: {
    postMessage(message: FromThread): void;
    on(event: "message", listener: (message: ToThread) => void): void;
  };
  readonly place: ServePlace;
  readonly PGlite: new (options: { readonly dataDir: string }) => Lite;
  readonly PGLiteSocketServer: new (options: {
    readonly db: object;
    readonly path: string;
    readonly maxConnections: number;
  }) => { start(): Promise<void>; stop(): Promise<void> };
}
interface Lite {
  readonly waitReady: Promise<void>;
  isInTransaction(): boolean;
  runExclusive<T>(work: () => Promise<T>): Promise<T>;
  execProtocolRawStream(message: Uint8Array, options: object): Promise<void>;
  exec(text: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function serveInThread({ parentPort, place, PGlite, PGLiteSocketServer }: Parts): Promise<void> {
  const fail = (error: unknown): void => {
    parentPort.postMessage({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  };
  try {
    const lite = new PGlite({ dataDir: place.data });
    await lite.waitReady;

    let lastMs = Date.now();
    let confirmed: (() => void) | undefined;
    setInterval(() => {
      lastMs = Date.now();
    }, 1000);
    const confirm = async (): Promise<void> => {
      await new Promise<void>((resolve) => {
        confirmed = resolve;
        parentPort.postMessage({ kind: "confirm" });
      });
      lastMs = Date.now();
    };

    // Parse, Bind, Describe, Execute and Close, which need no answer before Sync or Flush: what belongs together is done at one go.
    const collected = new Set([80, 66, 68, 69, 67]);
    // Messages after which the client's turn is not over: those, Flush, and pieces of a COPY.
    const open = new Set([...collected, 72, 100]);
    let batch: Uint8Array[] = [];
    let isInBatch = false;
    const guarded = {
      waitReady: lite.waitReady,
      // pglite-socket serves one client as long as this says so. It looks at transactions only: what another client sends between
      // this one's Parse and Sync would share its unnamed statement.
      isInTransaction: () => isInBatch || lite.isInTransaction(),
      runExclusive: <T>(work: () => Promise<T>) => lite.runExclusive(work),
      execProtocolRawStream: async (message: Uint8Array, options: object) => {
        const kind = message[0] ?? 0;
        if (collected.has(kind)) {
          batch.push(message);
          isInBatch = true;
          return;
        }
        const whole = batch.length === 0 ? message : Buffer.concat([...batch, message]);
        batch = [];
        if (Date.now() - lastMs > place.standstillMs) await confirm();
        try {
          await lite.execProtocolRawStream(whole, options);
          isInBatch = open.has(kind);
        } catch (error) {
          // The server of the socket would wait for ever; what PGlite throws here is no answer to a statement but its own end.
          fail(error);
          await new Promise(() => undefined);
        }
        lastMs = Date.now();
      },
      // asked when a client goes in the middle of its turn
      exec: async (text: string) => {
        batch = [];
        if (isInBatch)
          await lite.execProtocolRawStream(new Uint8Array([83, 0, 0, 0, 4]), { onRawData: () => undefined });
        isInBatch = false;
        return lite.isInTransaction() ? lite.exec(text) : [];
      },
    };
    const { socketPath: path, maxConnections } = place;
    const server = new PGLiteSocketServer({ db: guarded, path, maxConnections });
    await server.start();
    parentPort.on("message", ({ kind }) => {
      if (kind === "confirmed") return confirmed?.();
      server
        .stop()
        .then(() => lite.close())
        .then(() => parentPort.postMessage({ kind: "stopped" }), fail);
    });
    parentPort.postMessage({ kind: "ready" });
  } catch (error) {
    fail(error);
  }
}
