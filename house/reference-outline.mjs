/**
 * In which order a reader meets what the doors export: titles and names, no prose. What is said of a name stands in its
 * docstring. The generator fails when a name is missing here, is gone, or comes twice.
 */

/**
 * @typedef {object} Section
 * @property {string} title
 * @property {readonly string[]} [verbs] members of `Depot`
 * @property {readonly string[]} [names] exports of the door
 * @property {true} [errors] the table of codes follows
 */

/** @param {string} title @param {string} verbs @param {string} [names] @returns {Section} */
const verbs = (title, verbs, names = "") => ({ title, verbs: words(verbs), names: words(names) });
/** @param {string} title @param {string} names @returns {Section} */
const names = (title, names) => ({ title, names: words(names) });

/** @type {Readonly<Record<string, readonly Section[]>>} */
export const outline = {
  entrepot: [
    names("Begin", "entrepot Depot"),
    names(
      "Options of a depot",
      "EntrepotOptions S3Options Identity Credentials Runtime CacheOptions CacheLimits Root DepotEvent",
    ),
    names(
      "Telemetry",
      "openTelemetry TelemetryOptions Telemetry OtelTracer OtelSpan OtelSpanOptions OtelMeter OtelInstrumentOptions OtelAttributes",
    ),
    names("Encryption", "ServerSideEncryption KmsEncryption CustomerEncryption"),
    verbs("Other settings, and the end", "with resolve close", "Overrides Closable"),
    verbs(
      "Read values",
      "readText readBytes readJson readLines readCsv readPickle",
      "Json SchemaOutput StandardSchema CsvRows",
    ),
    verbs(
      "Many objects as one stream",
      "readMany",
      "ReadManyOptions ManyReads ManyItem ManyEntry ManyValues ManyForm ManyLine ManyLinesOptions",
    ),
    verbs(
      "Write values",
      "writeText writeBytes writeJson writeLines writeCsv writePickle update",
      "Cell CsvOptions Written",
    ),
    names(
      "Pickles",
      "PickleReading PickleLimits ClassReader PickledInstance PickleProtocol PickledDecimal PickledDateTime PickledDate PickledTime TimeOfDay PickledTimeZone PickledDuration PickledTimestamp PickledUuid PickledComplex PickledArray PickledArrayValues",
    ),
    names(
      "Pickled frames",
      "PickledFrame PickledFrameParts PickledSeries PickledLabels PickledIndex PickledColumn PickledNumbers PickledBigInts PickledBooleans PickledTimes PickledDurations PickledStrings PickledCategories PickledObjects NumberArray TimeUnit notATime lengthOfIndex pickledValueAt",
    ),
    verbs(
      "Tables",
      "readTable writeTable",
      "Frame AnyFrame TableQuery TableReadOptions TableWriteOptions WritePartitions PartitionedTable ReadFormats WriteFormats TableFormat FormatOf Where Test Scalar ColumnChoice ColumnType DecimalType TsOf EngineOptions EngineOf",
    ),
    verbs("Parts and streams", "readRange readRanges readStream writeStream", "ByteRange Bytes ByteStream"),
    verbs(
      "Files",
      "open localCopy localFolder writeFrom",
      "DataFile LocalCopy LocalFolder LocalFolderFile LocalFolderOptions LocalPath Awaitable",
    ),
    verbs(
      "What is there",
      "list glob walk stat exists usage",
      "Listing ListOptions ObjectEntry ObjectStat FolderEntry EntryOf",
    ),
    names(
      "Versions, walks, shards",
      "DeleteMarkerEntry VersionEntry VersionListOptions WalkedFolder WalkOptions Shards",
    ),
    names("Which objects are meant", "FilterOptions Moment"),
    verbs(
      "Copy, move, remove",
      "copy move remove",
      "Sources TransferOptions CopyOptions MoveOptions RemoveOptions NamesOption",
    ),
    verbs("Only what is new", "copyNew", "CopyNewOptions CompleteWhen NewReport NewFile IncompleteFile"),
    verbs("One folder like another", "sync", "SyncOptions SyncReport Compare Compared DeleteLimit"),
    verbs(
      "What was read, and whether it is the same",
      "changedSince",
      "recordReads RecordedReads SeenRead SeenObject SeenAbsent SeenFailure SeenListing SeenQuestion SeenWrite ChangedRead noteReads",
    ),
    names("Reports", "TransferReport FileResult TransferPlan PlannedRequests Progress Usage"),
    verbs(
      "Transfers that were interrupted",
      "jobs",
      "Jobs JobStatus FailedObject ResumeOptions StaleUpload UploadsOptions",
    ),
    verbs(
      "Arrays in chunks",
      "zarr",
      "ZarrStore ZarrOptions ZarrKey ZarrRange ZarrTreeOptions ZarrTree ZarrNode ZarrGroup ZarrArray",
    ),
    verbs(
      "Many files that change as one",
      "dataset",
      "Dataset DatasetGeneration DatasetPublishOptions DatasetStage DatasetOpenOptions OpenDataset DatasetRollbackOptions DatasetGcOptions DatasetGcReport",
    ),
    verbs(
      "Archives",
      "pack unpack archive",
      "PackOptions UnpackOptions ArchiveFormat Archive ArchiveOptions ArchiveMember ArchiveMembers",
    ),
    verbs(
      "Named folders between runs",
      "snapshots",
      "Snapshots Snapshot SnapshotOptions SnapshotSaveOptions SnapshotRestoreOptions",
    ),
    verbs("Buckets, and URLs for others", "createBucket removeBucket presign"),
    verbs("Cache", "cache", "CacheControl CacheEntry PruneLimits CachePin PinKind PinOptions"),
    names("What is in the cache", "CacheState CopyHolder CacheStats CacheStatsOptions CacheDetail CacheExplanation"),
    names(
      "Healing, and a tree of links",
      "CacheVerifyOptions CacheVerifyReport DamagedCopy CacheLinkOptions CacheLinkReport",
    ),
    verbs("Without a network", "offline", "Offline OfflineStatus OriginStatus PinStatus"),
    names("Writes that wait", "OutboxVerbs OutboxEntry PushOptions"),
    names(
      "Options of a call",
      "CallOptions AskOptions ReadOptions DecodeOptions WriteSettings VersionReadOptions WriteCondition WriteOptions EncodeOptions Compression OnError OnWriteError Otherwise",
    ),
    names("Addresses", "Address ObjectAddress joinUri parentUri nameOfUri escapeGlob"),
    names("Durations and sizes", "Duration ByteSize parseDuration parseByteSize"),
    { title: "Errors", names: words("EntrepotError isEntrepotError ErrorCode"), errors: true },
  ],
  "entrepot/store": [
    names("The contract", "ObjectStore BucketStore ObjectInfo Bytes ByteRange ResolvedRange"),
    names("Reading", "ReadOptions BodySink ReadResult readBytes ReadBytes Readable"),
    names("Streams", "readStream StreamHooks ByteStream toWebStream"),
    names(
      "Writing, deleting, copying",
      "WriteOptions WriteResult WriteBody SizedSource UnsizedSource DeleteOptions DeleteManyOptions DeletedKey CopySource",
    ),
    names("Listing", "ListOptions LeftOutFile ListPage ObjectVersion VersionPage"),
    names(
      "Backends",
      "openMemoryStore MemoryStoreOptions openLocalStore LocalStoreOptions openHttpStore HttpStoreOptions",
    ),
    names(
      "S3",
      "openS3Service S3ServiceOptions UploadOptions BufferBudget CopyLimits S3Service EndpointOptions Addressing BucketInfo Credentials CredentialProvider",
    ),
    names(
      "How uploads are covered and encrypted",
      "CoverOptions UploadChecksum ServerSideEncryption KmsEncryption CustomerEncryption",
    ),
    names(
      "Decorators",
      "Decorated withPrefix withReadOnly withLimit LimitOptions sharedLimit Limit withRetry WithRetryOptions " +
        "withTrace StoreTraceEvent StoreOutcome StoreMethod withFaults StoreFaults StoreCall failNthCall",
    ),
    names("Requests and retries", "RequestOptions RetryPolicy defaultRetryPolicy Timeouts Clock systemClock"),
    names("Events", "S3Event RequestEvent RequestFailure RetryEvent HttpRequestEvent"),
    names(
      "Transport",
      "openTransport OpenTransportOptions TransportOptions Transport TransportRequest ResponseSink ResponseHeaders",
    ),
    names("Errors", "EntrepotError isEntrepotError ErrorCode ErrorDetails"),
  ],
  "entrepot/table": [
    names("Exact values", "rows columns ExactOptions"),
    names("Frames", "Frame EngineOptions"),
    names("Errors", "EntrepotError isEntrepotError ErrorCode"),
  ],
  "entrepot/flow": [
    names("Define", "dataflow Flow NodesOf Implements Out DepsOf AnyFunction NodeContext"),
    names("What is wrong, before it runs", "FlowProblems Checked WrongType SeveralModules"),
    names("Variants", "choose Choice when otherwise Conditional"),
    names("Several nodes from one", "extract parameterize from Source node"),
    names("Lists, and flows in flows", "each EachOptions subflow SubflowOptions"),
    names(
      "Around a function",
      "checked Check CheckedOptions retry RetryOptions timeout tag Tags volatile cached Cached CachedSettings CachedOptions",
    ),
    names("Schemas", "StandardSchema SchemaInput SchemaOutput SchemaResult SchemaIssue"),
    names(
      "Run",
      "driver StorageSettings ResultsOption Behaviour Driver ExecuteOptions RunOptions Settled failedNode NodeFailure",
    ),
    names("Ask", "Plan PendingPlan PlanStep NodeInfo NodeFilter"),
    names("Pictures", "toText TextOptions toDot toMermaid toSvg toHtml pictureAfter PictureGraph PictureNode"),
    names("Watch", "FlowEvent RunEvent Around FlowClock systemFlowClock flowTelemetry FlowTelemetryOptions"),
    names(
      "Kept results",
      "resultStore ResultStore ResultStoreOptions ResultBounds ResultStats KeptNode KeptResult ClearReport Why ResultKeeper",
    ),
    names(
      "Nodes that read and write data",
      "load LoadOptions LoadVerbOptions LoadedForms save SaveOptions SaveVerbOptions SavedData SavedForms DataForm FormOfUri",
    ),
    names(
      "What was read",
      "recordLineage RunLineage NodeLineage NodeData withLock InputsLock lockOf readLock writeLock lockDiff LockDiff LockDifference",
    ),
    names(
      "Elsewhere",
      "threadsEngine ThreadsOptions serveFlow queueEngine EngineOptions DatabasePlace flowWorker FlowWorkerOptions FlowWorker FlowTaskEvent Engine EngineTask perform PerformOptions",
    ),
  ],
  "entrepot/runs": [
    names("The run that a program is", "currentRun CurrentRunOptions LocalRun Run RunOf RunOptions PolicyFiles"),
    names("The database", "openRunStore OpenRunStoreOptions runDatabase RunStore Page"),
    names("Models", "Models Model ModelVersion Program"),
    names("Runs and their policies", "Runs NewRun RunFilter RunSummary RunRecord RunState runStates TaskCounts"),
    names("Parameter files", "Files FileRecord mostFileBytes"),
    names(
      "Tasks",
      "Tasks TaskRecord ReadyTask RunTaskState Progress Attempt AttemptToken AttemptRecord AttemptState Outcome Ended OutputRecord LogLine LogStream",
    ),
    names(
      "Executing",
      "submitRun Submitted resubmitRun repairOutputs runWorker RunWorkerOptions RunWorker RunTaskEvent runTask RunTaskOptions",
    ),
    names(
      "Jobs of services",
      "submitJobs SubmittedJobs SubmittedTask describeJobs DescribedJob cancelJobs Jobs JobRecord submitterOf SubmitterSettings submitterNames SubmitterName Submitter Submission SubmitCallOptions SubmittedJob JobManifest BatchSettings KubernetesSettings checkSharedDatabase",
    ),
    names("What happens", "RunEvent WatchOptions"),
    names("Tokens", "Tokens TokenRecord TokenRole tokenRoles"),
    names("An HTTP API and a page", "serveRuns ServeRunsOptions ServedRuns ServedRequest"),
    names(
      "The worker contract",
      "contractEnvironment contractArguments Execution layOut LaidOut failedForGood progressLine parseProgressLine",
    ),
  ],
  "entrepot/pega": [
    names("A repository", "pegaRepository PegaRepositoryOptions PegaRepository PegaTable pegaTables"),
    names("Its files", "FetchOptions FetchTableOptions FetchedFiles FetchedFile"),
    names("Tables", "ReadTableOptions readExport ExportSource ReadExportOptions ExportTable"),
    names(
      "A datamart",
      "readDatamart ReadDatamartOptions FetchDatamartOptions admDatamart AdmTables AdmOptions ColumnOptions AdmDatamart DatamartRemark SavedDatamart TableName PredictorCategory",
    ),
    names(
      "Queries and figures",
      "ModelQuery ModelRow ModelColumns DatamartSummary Figures ChannelFigures SnapshotSpan",
    ),
    names(
      "Pictures",
      "plotKinds PlotKind PlotOptions PlotOptionsByKind PictureOptions BubbleOptions PredictorOptions TrendOptions",
    ),
    names("Times", "parsePegaTime formatPegaTime"),
  ],
  "entrepot/testing": [
    names(
      "A server for tests",
      "startS3Server S3ServerOptions S3Server S3ClientOptions BucketSetting ServerCredentials S3ServerUser TlsCertificate",
    ),
    names("What is stored", "S3Fixtures FixtureObject StoredObject"),
    names("Its log", "RecordedRequest RequestLog RequestSelector RequestMatch RequestCounts WaitOptions"),
    names("Matchers", "s3Matchers S3Matchers MatcherResult"),
    names(
      "Its faults",
      "Fault FaultEffect FaultMethod TextPattern Rate Delay Drip Redirect ListingFault FaultRequest parseFaults formatFault",
    ),
    names("Its clock", "ServerClock virtualClock VirtualClock VirtualClockOptions"),
    names("As another store", "personalities PersonalityName PersonalityDescription BehaviourDescription"),
    names(
      "Requests without a server",
      "recordRequests RecordingTransport failNthRequest scriptTransport ScriptedAnswer",
    ),
    names("The contract of a store", "storeContract StoreContractOptions ContractCase StoreTraits hostileKeys"),
    names("Errors", "EntrepotError"),
  ],
};

/** Everything a section names, verbs first. @param {Section} section */
export function itemsOf(section) {
  return [
    ...(section.verbs ?? []).map((name) => ({ name, isVerb: true })),
    ...(section.names ?? []).map((name) => ({ name, isVerb: false })),
  ];
}

/** What is wrong with a door's outline, in words. @param {string} door @param {ReadonlySet<string>} exported @param {ReadonlySet<string>} members of Depot */
export function outlineFindings(door, exported, members) {
  const items = (outline[door] ?? []).flatMap(itemsOf);
  return [true, false].flatMap((isVerb) => {
    const there = isVerb ? members : exported;
    const listed = items.filter((item) => item.isVerb === isVerb).map(({ name }) => name);
    return [
      ...[...there].filter((name) => !listed.includes(name)).map((name) => `${door}: no section has ${name}`),
      ...listed.filter((name) => !there.has(name)).map((name) => `${door}: ${name} is gone`),
      ...listed.filter((name, at) => listed.indexOf(name) !== at).map((name) => `${door}: ${name} stands twice`),
    ];
  });
}

/** @param {string} text */
function words(text) {
  return text.split(" ").filter((word) => word !== "");
}
