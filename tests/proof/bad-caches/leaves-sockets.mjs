/** Keeps a connection ready for what may come, and does not hang up. */
import { connect } from "node:net";
import { moduleOf, SimpleCache } from "./simple-cache.mjs";

class LeavesSockets extends SimpleCache {
  /** @param {import("../proof.ts").OpenOptions} options */
  constructor(options) {
    super(options);
    connect(Number(new URL(this.endpoint).port), "127.0.0.1").on("error", () => undefined);
  }
}

export const { open, finalFiles, leftovers, isNotCached, isRefusal } = moduleOf(LeavesSockets);
