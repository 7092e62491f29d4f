/** The door `entrepot/testing`: for the tests of those who build on entrepot. The library never imports it. */
export { EntrepotError } from "../error/index.ts";
export {
  type BehaviourDescription,
  type Fault,
  type FaultEffect,
  type FaultMethod,
  type PersonalityDescription,
  type PersonalityName,
  personalities,
  type RecordedRequest,
  type ServerCredentials,
} from "../server/index.ts";
export {
  failNthRequest,
  type RecordingTransport,
  recordRequests,
  type ScriptedAnswer,
  scriptTransport,
} from "./fault-transport.ts";
export { type S3ClientOptions, type S3Server, type S3ServerOptions, startS3Server } from "./s3-server.ts";
export { hostileKeys } from "./store-contract/hostile-keys.ts";
export type { StoreTraits } from "./store-contract/traits.ts";
export { type ContractCase, type StoreContractOptions, storeContract } from "./store-contract.ts";
