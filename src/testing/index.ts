/** The door `entrepot/testing`: for the tests of those who build on entrepot. The library never imports it. */
export { EntrepotError } from "../error/index.ts";
export { hostileKeys } from "./store-contract/hostile-keys.ts";
export type { StoreTraits } from "./store-contract/traits.ts";
export { type ContractCase, type StoreContractOptions, storeContract } from "./store-contract.ts";
