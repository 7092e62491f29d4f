/** Stores in front of stores: each is a store and keeps the same contract. */
export { failNthCall, type StoreCall, type StoreFaults, withFaults } from "./with-faults.ts";
export { withPrefix } from "./with-prefix.ts";
