/** Memory for buffers that several calls share. */
export interface BufferBudget {
  /** Takes `bytes` if they fit; false when they do not. */
  take(bytes: number): boolean;
  /** Takes them even if they do not: for what nothing would go on without. */
  insist(bytes: number): void;
  /** Gives back what was taken. */
  give(bytes: number): void;
}
