/**
 * Whether anybody still answers: an object that cannot be reached is one failure among others while something answers, and the end of
 * the whole once nothing has for a while. Each object's own tries come before that.
 */
import { type EntrepotError, isEntrepotError } from "../error/index.ts";

/** How long nothing may answer before an object that could not be reached ends the whole, milliseconds. */
export const silentMs = 30_000;

export interface SilenceSettings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** When a server last answered anything at all, milliseconds since 1970. */
  readonly answeredMs?: (() => number) | undefined;
}

export class Silence {
  readonly #settings: SilenceSettings;
  #heardMs: number;

  constructor(settings: SilenceSettings) {
    this.#settings = settings;
    this.#heardMs = settings.now();
  }

  /** Something was done, or was refused for another reason. */
  heard(): void {
    this.#heardMs = this.#settings.now();
  }

  /** How long nothing has answered, where that is too long to go on after `error`; milliseconds. */
  endedBy(error: EntrepotError): number | undefined {
    if (!isOutOfReach(error)) {
      this.heard();
      return undefined;
    }
    const { now, answeredMs } = this.#settings;
    const silent = now() - Math.max(this.#heardMs, answeredMs?.() ?? Number.NEGATIVE_INFINITY);
    return silent < silentMs ? undefined : silent;
  }
}

export function isOutOfReach(error: unknown): boolean {
  return isEntrepotError(error, "unreachable", "timeout");
}
