/**
 * What a program says while it runs, told to the database in batches: lines in their order, and how far it is, of which only the newest
 * counts. Takes no more memory than a few thousand lines, whatever the program does.
 */
import type { Clock } from "../../queue/index.ts";
import { parseProgressLine } from "../contract/index.ts";
import {
  type AttemptToken,
  type LogLine,
  type LogStream,
  mostLineBytes,
  mostLines,
  type Tasks,
} from "../store/index.ts";

/** How long lines are collected, milliseconds: a transaction for each line would be all that the database does. */
const collectMs = 100;
/** How far it is, is told so often, milliseconds: each time is an event that is kept. */
const progressMs = 1_000;
/** Whoever has more lines waits until they are told. */
const mostWaiting = 2_000;
/** Of what is left out. */
const mostNamed = 20;

export interface ReporterParts {
  readonly tasks: Pick<Tasks, "log" | "progress">;
  readonly token: AttemptToken;
  readonly clock: Clock;
  /** The attempt is not listened to any more. */
  readonly onFenced: () => void;
  readonly onWarning: (error: unknown) => void;
}

type Progress = Parameters<Tasks["progress"]>[1];

export class Reporter {
  readonly #parts: ReporterParts;
  #lines: LogLine[] = [];
  #progress: Progress | undefined;
  #progressToldMs = Number.NEGATIVE_INFINITY;
  #telling: Promise<void> | undefined;
  /** Who has more lines than there is room for. */
  #waiting: (() => void)[] = [];
  /** Of what was told: the rest would only be thrown away there. */
  #toldLines = 0;
  #toldBytes = 0;
  /** Lines that could not be told, since when that was last said. */
  #lost = 0;
  #hurry = new AbortController();

  constructor(parts: ReporterParts) {
    this.#parts = parts;
  }

  /** A line of the program. Resolves when there is room for more. */
  async line(stream: LogStream, line: string): Promise<void> {
    const progress = stream === "stdout" ? parseProgressLine(line) : undefined;
    if (progress !== undefined) this.#progress = progress;
    else if (this.#toldLines < mostLines && this.#toldBytes <= mostLineBytes) {
      this.#toldLines += 1;
      this.#toldBytes += Buffer.byteLength(line);
      this.#lines.push({ timeMs: Date.now(), stream, line });
    } else return;
    this.#telling ??= this.#tell();
    if (this.#lines.length >= mostWaiting) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Tells of links among what was written, which are no outputs. */
  async leftOut(links: readonly string[]): Promise<void> {
    if (links.length === 0) return;
    const named = links
      .slice(0, mostNamed)
      .map((path) => `${path || "the folder"}: a link is no output; copy the file`);
    const more = links.length - named.length;
    for (const line of more > 0 ? [...named, `(and ${more} more links)`] : named) await this.line("worker", line);
    await this.flush();
  }

  /** When everything is told, or said to be lost. */
  async flush(): Promise<void> {
    this.#hurry.abort();
    await this.#telling;
    if (this.#lost > 0) await this.#send([], undefined);
    this.#hurry = new AbortController();
  }

  async #tell(): Promise<void> {
    const { clock } = this.#parts;
    while (this.#lines.length > 0 || this.#progress !== undefined) {
      if (this.#lines.length < mostWaiting) await clock.sleep(collectMs, this.#hurry.signal).catch(() => undefined);
      const lines = this.#lines;
      this.#lines = [];
      await this.#send(lines, this.#dueProgress());
      for (const goOn of this.#waiting.splice(0)) goOn();
    }
    this.#telling = undefined;
  }

  /** The newest, where the last one was told long enough ago, or nothing more comes. */
  #dueProgress(): Progress | undefined {
    const nowMs = this.#parts.clock.now();
    if (nowMs - this.#progressToldMs < progressMs && !this.#hurry.signal.aborted) return undefined;
    const progress = this.#progress;
    if (progress !== undefined) this.#progressToldMs = nowMs;
    this.#progress = undefined;
    return progress;
  }

  /** What cannot be told is lost, which is said before what comes after it; the program goes on. */
  async #send(lines: readonly LogLine[], progress: Progress | undefined): Promise<void> {
    const { tasks, token, onFenced, onWarning } = this.#parts;
    const lost = this.#lost;
    const all = lost === 0 ? lines : [lostLine(lost), ...lines];
    try {
      if (all.length > 0 && !(await tasks.log(token, all))) return onFenced();
      this.#lost -= lost;
    } catch (error) {
      this.#lost += lines.length;
      onWarning(error);
    }
    try {
      if (progress !== undefined && !(await tasks.progress(token, progress))) onFenced();
    } catch (error) {
      onWarning(error);
    }
  }
}

function lostLine(count: number): LogLine {
  const line = `(${count} ${count === 1 ? "line" : "lines"} could not be kept: the database was away)`;
  return { timeMs: Date.now(), stream: "worker", line };
}
