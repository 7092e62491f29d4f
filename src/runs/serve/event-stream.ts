/** Events of a run as `text/event-stream`: each with its number as id, so that a browser goes on where it was cut off. */
import type { RunEvent } from "../store/index.ts";

/** Between lines that say nothing, so that no proxy takes the connection for dead. */
export const keepAliveMs = 15_000;

/** `watch` is given a signal that is aborted when nobody listens any more. */
export function eventStream(
  watch: (signal: AbortSignal) => AsyncGenerator<RunEvent, void>,
  every: (ms: number, work: () => void) => () => void,
  closing: AbortSignal,
): Response {
  const gone = new AbortController();
  const events = watch(AbortSignal.any([gone.signal, closing]));
  const encoder = new TextEncoder();
  let stop = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode("retry: 1000\n\n"));
      stop = every(keepAliveMs, () => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(": here\n\n"));
      });
    },
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (done !== true) {
          controller.enqueue(
            encoder.encode(`id: ${value.at}\nevent: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`),
          );
          return;
        }
      } catch (error) {
        stop();
        // who is gone hears of nothing; anybody else is cut off and comes again
        if (!gone.signal.aborted && !closing.aborted) throw error;
        if (gone.signal.aborted) return;
      }
      stop();
      controller.close();
    },
    async cancel() {
      stop();
      gone.abort();
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
