/** How far a transfer or a flow is, on one line of a terminal that is written over; cleared at the end. */
import type { Progress } from "../transfer/index.ts";
import { printable } from "./escape.ts";
import { formatCount, formatNumber, formatSize } from "./measure.ts";
import { asAddress, type ShowAddress } from "./shown-address.ts";
import type { Sink } from "./sink.ts";

export interface ProgressLine {
  readonly show: (progress: Progress) => void;
  /** The same for words; `text` is called only when the line is written. */
  readonly showText: (text: (elapsedMs: number) => string) => void;
  /** Takes the line away, so that what is written next begins on an empty one. */
  readonly clear: () => void;
}

/** At most ten lines a second; `now` gives milliseconds. */
export function progressLine(
  terminal: Sink,
  { show = asAddress, now = Date.now }: { readonly show?: ShowAddress; readonly now?: () => number } = {},
): ProgressLine {
  const startedMs = now();
  let shownMs = Number.NEGATIVE_INFINITY;
  let shown = false;
  const showText: ProgressLine["showText"] = (text) => {
    if (now() - shownMs < 100) return;
    shownMs = now();
    shown = true;
    // some say 0 where they do not know
    const columns = terminal.columns || 80;
    terminal.write(`\r\x1b[2K${shorten(text(now() - startedMs), columns)}`);
  };
  return {
    show: (progress) => showText((elapsedMs) => progressText({ ...progress, uri: show(progress.uri) }, elapsedMs)),
    showText,
    clear() {
      if (shown) terminal.write("\r\x1b[2K");
      shown = false;
    },
  };
}

/** E.g. `"12 of 40 objects · 1.2 MB of 8.0 MB · 3.4 MB/s · s3://bucket/a.csv"`. */
export function progressText(progress: Progress, elapsedMs: number): string {
  const { doneObjects, totalObjects, doneBytes, totalBytes, uri } = progress;
  const objects = totalObjects === undefined ? "" : `${formatNumber(doneObjects)} of `;
  const bytes = totalBytes === undefined ? "" : `${formatSize(doneBytes)} of `;
  const speed = elapsedMs < 500 ? [] : [`${formatSize((doneBytes * 1000) / elapsedMs)}/s`];
  return [
    `${objects}${formatCount(totalObjects ?? doneObjects, "object")}`,
    `${bytes}${formatSize(totalBytes ?? doneBytes)}`,
    ...speed,
    printable(uri),
  ].join(" · ");
}

function shorten(text: string, columns: number): string {
  const characters = [...text];
  return characters.length < columns ? text : `${characters.slice(0, Math.max(columns - 2, 0)).join("")}…`;
}
