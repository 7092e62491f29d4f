/** Events of a run as `text/event-stream`: each with its number as id, so that a browser goes on where it was cut off. */
import type { RunEvent } from "../store/index.ts";

/** Between looks whether the listener may still listen, each told as a line that says nothing: no proxy takes it for dead. */
export const beatMs = 15_000;

export interface EventStreamSettings {
  /** Given a signal that is aborted when nobody listens any more. */
  readonly watch: (signal: AbortSignal) => AsyncGenerator<RunEvent, void>;
  /** Calls `work` again and again until what it gives is called. */
  readonly every: (ms: number, work: () => void) => () => void;
  /** Aborted when the listener has gone or the server closes. */
  readonly signal: AbortSignal;
  /** Asked at each beat; where it is not so, or cannot be known, the stream ends. */
  readonly isStill: () => Promise<boolean>;
  /** Called once, when it is over in whatever way. */
  readonly onEnd: () => void;
}

export function eventStream({ watch, every, signal, isStill, onEnd }: EventStreamSettings): Response {
  const over = new AbortController();
  const events = watch(AbortSignal.any([over.signal, signal]));
  const encoder = new TextEncoder();
  let stopBeats = (): void => undefined;
  /** Whether it was not over before. */
  const end = (): boolean => {
    if (over.signal.aborted) return false;
    stopBeats();
    over.abort();
    onEnd();
    return true;
  };
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const finish = (): void => {
        if (end()) controller.close();
      };
      controller.enqueue(encoder.encode("retry: 1000\n\n"));
      stopBeats = every(beatMs, async () => {
        const isAllowed = await isStill().catch(() => false);
        if (!isAllowed) finish();
        else if (!over.signal.aborted && (controller.desiredSize ?? 0) > 0)
          controller.enqueue(encoder.encode(": here\n\n"));
      });
      if (signal.aborted) finish();
      else signal.addEventListener("abort", finish, { once: true, signal: over.signal });
    },
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (done !== true && !over.signal.aborted)
          controller.enqueue(
            encoder.encode(`id: ${value.at}\nevent: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`),
          );
        else if (end()) controller.close();
      } catch (error) {
        // who is gone hears of nothing; anybody else is cut off and comes again
        if (end()) throw error;
      }
    },
    async cancel() {
      end();
      await events.return().catch(() => undefined);
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" } });
}

/** What a browser says when it comes again. */
export function lastEventId(request: Request): number | undefined {
  const given = request.headers.get("last-event-id");
  return given !== null && /^\d{1,15}$/.test(given) ? Number(given) : undefined;
}
