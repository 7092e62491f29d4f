/** The door `entrepot/testing`: for the tests of those who build on entrepot. The library never imports it. */
export { EntrepotError } from "../error/index.ts";

export type {
  BehaviourDescription,
  BucketSetting,
  Delay,
  Drip,
  Fault,
  FaultEffect,
  FaultMethod,
  FaultRequest,
  FixtureObject,
  ListingFault,
  PersonalityDescription,
  PersonalityName,
  Rate,
  RecordedRequest,
  Redirect,
  S3Fixtures,
  ServerClock,
  ServerCredentials,
  TextPattern,
  TlsCertificate,
} from "../server/index.ts";
export { formatFault, parseFaults, personalities } from "../server/index.ts";
export type { RequestCounts } from "./expected-requests.ts";
export {
  failNthRequest,
  type RecordingTransport,
  recordRequests,
  type ScriptedAnswer,
  scriptTransport,
} from "./fault-transport.ts";
export type { RequestLog } from "./request-log.ts";
export type { RequestMatch, RequestSelector } from "./request-match.ts";
export type { WaitOptions } from "./request-watch.ts";
export { type MatcherResult, type S3Matchers, s3Matchers } from "./s3-matchers.ts";
export {
  type S3ClientOptions,
  type S3Server,
  type S3ServerOptions,
  type S3ServerUser,
  startS3Server,
} from "./s3-server.ts";
export { hostileKeys } from "./store-contract/hostile-keys.ts";
export type { StoreTraits } from "./store-contract/traits.ts";
export { type ContractCase, type StoreContractOptions, storeContract } from "./store-contract.ts";
export type { StoredObject } from "./stored-object.ts";
export { type VirtualClock, type VirtualClockOptions, virtualClock } from "./virtual-clock.ts";
