/**
 * The object-store contract as plain values: a store is done when every case of it passes. Needs no test runner;
 * each case works under a prefix of its own, so that a slow server's one bucket serves them all.
 */
import type { ObjectStore } from "../store/index.ts";
import { keys } from "./store-contract/hostile-keys.ts";
import { largeBodies } from "./store-contract/large-bodies.ts";
import { listing } from "./store-contract/listing.ts";
import { reading } from "./store-contract/reading.ts";
import { subjectOf } from "./store-contract/subject.ts";
import type { StoreTraits } from "./store-contract/traits.ts";
import { writing } from "./store-contract/writing.ts";

/** One promise; `run` rejects when it is broken. */
export interface ContractCase {
  /** A sentence that is true of the product. */
  readonly name: string;
  run(): Promise<void>;
}

export interface StoreContractOptions {
  /** A store for one case; it may be the same for all. */
  open(): Promise<{ readonly store: ObjectStore; close(): Promise<void> }>;
  readonly traits: StoreTraits;
}

/** The cases, in no order that matters. `for (const { name, run } of storeContract(options)) test(name, run);` */
export function storeContract({ open, traits }: StoreContractOptions): readonly ContractCase[] {
  return [...reading, ...writing, ...largeBodies, ...listing, ...keys].map(({ name, run }) => ({
    name,
    run: async () => {
      const { store, close } = await open();
      try {
        await run(subjectOf(store, traits));
      } finally {
        await close();
      }
    },
  }));
}
