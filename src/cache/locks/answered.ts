/** The moment at which the request of an answer was about to be sent, as a record keeps it; see `Answers`. */
export interface Answered {
  /** Of the machine, its start and its space of time. */
  readonly clock: string;
  /** Nanoseconds by that clock, in decimal digits. */
  readonly ns: string;
  /** Of who asked. */
  readonly reader: string;
}
