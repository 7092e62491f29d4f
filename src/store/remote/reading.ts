/** One read as the reader of bodies wants it: the request, how it is sent, and what is known of the server. */
import type { ResponseHeaders, Timeouts } from "../../net/index.ts";
import type { BufferBudget } from "../buffer-budget.ts";
import type { ByteRange, ObjectInfo, ReadOptions } from "../object-store.ts";
import type { AnswerSink } from "./answer.ts";
import type { AttemptContext } from "./attempts.ts";
import type { VerifiedRequest } from "./verification.ts";

/** How a large object is read over several connections. */
export interface ParallelSettings {
  /** Requests for one object at once; 1 for one stream. */
  readonly inFlight: number;
  readonly memory: BufferBudget | undefined;
}

export interface BodyRequest extends VerifiedRequest {
  readonly key: string;
  readonly range: ByteRange | undefined;
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  /** Sent with every try. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Reading extends AttemptContext, BodyRequest {
  readonly uri: string;
  /** What holds until the sink is started. */
  readonly untilStarted: ReadOptions["untilStarted"];
  readonly parallel: ParallelSettings | undefined;
  /** `timeouts` and `signal` in place of the call's own. */
  send(
    headers: Readonly<Record<string, string>>,
    sink: AnswerSink,
    timeouts?: Timeouts,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Throws for the head of a 200 that is no object's. */
  checkHead?(headers: ResponseHeaders): void;
  /** The object's description, under the same conditions as the read. */
  stat(): Promise<ObjectInfo>;
}
