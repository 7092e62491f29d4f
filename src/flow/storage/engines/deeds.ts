/** What a node did on a worker beside giving its value: it belongs to the execution that asked for it, and travels back with the outcome. */
import { inFrame, Recorder, type SeenRead, type SeenWrite, watchedFrame } from "../../../depot/index.ts";
import type { FlowEvent } from "../../core/index.ts";
import { type NodeData, tellData, toldData } from "../lineage/node-data.ts";
import { errorOf, type FailureData, failureData } from "./failure-data.ts";

/** An event whose error is plain data. */
export type EventData = { readonly event: FlowEvent; readonly error?: FailureData | undefined };

/** Plain data. */
export interface Deeds {
  readonly reads: readonly SeenRead[];
  readonly writes: readonly SeenWrite[];
  readonly data: readonly NodeData[];
  readonly events: readonly EventData[];
}

export type Observed =
  | { readonly value: unknown; readonly deeds: Deeds }
  | { readonly thrown: unknown; readonly deeds: Deeds };

/** So many events go back, the first ones: an outcome is a row of a table. */
const mostEvents = 1_000;

/** Runs a node here, and watches it. Never rejects. */
export async function observe(node: string, run: (tell: (event: FlowEvent) => void) => unknown): Promise<Observed> {
  const recorder = new Recorder();
  const data: NodeData[] = [];
  const events: EventData[] = [];
  const tell = (event: FlowEvent): void => {
    // what a node gives is checked once more, and warned of, by the execution itself
    if (event.type === "check-warning" && event.node === node) return;
    if (events.length < mostEvents) events.push(eventData(event));
  };
  const deeds = (): Deeds => ({ reads: recorder.reads(), writes: recorder.writes(), data, events });
  try {
    const value = await inFrame({ recorder, guard: undefined }, () =>
      toldData(
        (each) => data.push(each),
        () => run(tell),
      ),
    );
    return { value, deeds: deeds() };
  } catch (error) {
    return { thrown: error, deeds: deeds() };
  }
}

/** Counts as done here, by whoever records and listens. */
export function noteDeeds(
  { reads, writes, data, events }: Deeds,
  tell: ((event: FlowEvent) => void) | undefined,
): void {
  const recorder = watchedFrame()?.recorder;
  for (const read of reads) recorder?.note(read);
  for (const write of writes) recorder?.wrote(write);
  data.forEach(tellData);
  if (tell === undefined) return;
  for (const { event, error } of events)
    tell(error === undefined ? event : ({ ...event, error: errorOf(error) } as FlowEvent));
}

function eventData(event: FlowEvent): EventData {
  if (!("error" in event)) return { event };
  return { event: { ...event, error: undefined }, error: failureData(event.error) };
}
