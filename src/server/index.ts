/** A strict S3 server on 127.0.0.1, in memory or on a folder, with scripted faults. Shares no code with the client. */
export type { ServerCredentials } from "./auth/credentials.ts";
export { bucketNameMistake } from "./bucket-name.ts";
export { checkSettings } from "./check-settings.ts";
export type { ServerClock } from "./faults/clock.ts";
export type { Delay } from "./faults/delays.ts";
export type {
  Drip,
  Fault,
  FaultEffect,
  FaultMethod,
  ListingFault,
  TextPattern,
} from "./faults/fault.ts";
export type { FaultRequest } from "./faults/fault-request.ts";
export { formatFault } from "./faults/format-fault.ts";
export { textTest } from "./faults/glob.ts";
export { parseFaults } from "./faults/parse-faults.ts";
export type { Rate } from "./faults/rate.ts";
export type { Redirect } from "./faults/redirect.ts";
export type { FixtureObject, S3Fixtures } from "./fixtures/fixture.ts";
export { loadFixtures, loadFolder } from "./fixtures/load-fixtures.ts";
export type { FixtureTarget } from "./fixtures/put-fixture.ts";
export type { BucketSetting } from "./make-buckets.ts";
export type { BehaviourDescription, PersonalityDescription, PersonalityName } from "./personality/description.ts";
export { personalities, personalityNames } from "./personality/personalities.ts";
export { defaultRegion } from "./regions.ts";
export { operationNames, requestMethods } from "./request-kinds.ts";
export type { RecordedRequest } from "./request-log.ts";
export { type RunningS3Server, type S3ServerSettings, startServer } from "./s3-server.ts";
export { type ServedS3Server, type ServeOptions, serve } from "./serve.ts";
export { wholeOf } from "./storage/blob-bytes.ts";
export { MemoryStorage } from "./storage/memory-storage.ts";
export { openStorage } from "./storage/open-storage.ts";
export type { Storage } from "./storage/storage.ts";
export { type CaFile, writeCaFile } from "./tls/ca-file.ts";
export type { TlsCertificate } from "./tls/listener.ts";
