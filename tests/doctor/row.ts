/** One broken set-up and the finding that must say what is wrong with it. */
import type { Stage } from "./stage.ts";

export interface Row {
  readonly name: string;
  /** Over the usual environment; `undefined` takes away. What `prepare` gives comes over it. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Below the home folder. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  readonly args?: readonly string[] | undefined;
  /** Default `s3://b/k.txt`; `null` asks no server. */
  readonly address?: string | null | undefined;
  readonly prepare?: ((stage: Stage) => Promise<Readonly<Record<string, string | undefined>> | undefined>) | undefined;
  /** Only root can make it: nothing to see for others. */
  readonly asRoot?: boolean | undefined;
  /** Another row has the same way out, to the word. */
  readonly sameFix?: true | undefined;
  /** The finding's name. */
  readonly finds: string;
  /** Of a problem; `undefined` for a note. */
  readonly code?: string | undefined;
  readonly value?: RegExp | undefined;
  readonly hint: RegExp;
}
