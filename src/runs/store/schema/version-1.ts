/** The tables as they were first released. Never changed: what is new is a version of its own. */

/** Times are milliseconds since 1970; ids and names sort by their bytes; a `policy_id` of files that is empty means all policies. */
export const version1 = `
CREATE TABLE entrepot_runs.models (
  name text COLLATE "C" PRIMARY KEY,
  description text NOT NULL,
  created_ms double precision NOT NULL,
  deleted_ms double precision
);

CREATE TABLE entrepot_runs.versions (
  model text COLLATE "C" NOT NULL REFERENCES entrepot_runs.models (name),
  version text COLLATE "C" NOT NULL,
  number integer NOT NULL,
  description text NOT NULL,
  program text NOT NULL,
  deployed_ms double precision NOT NULL,
  deleted_ms double precision,
  PRIMARY KEY (model, version),
  UNIQUE (model, number)
);

CREATE TABLE entrepot_runs.runs (
  id text COLLATE "C" PRIMARY KEY,
  model text COLLATE "C" NOT NULL,
  version text COLLATE "C" NOT NULL,
  name text NOT NULL,
  description text NOT NULL,
  state text NOT NULL CHECK (state IN ('created', 'running', 'done', 'failed', 'cancelled')),
  options text NOT NULL,
  baseline_first boolean NOT NULL,
  retries integer NOT NULL CHECK (retries >= 0),
  timeout_seconds integer CHECK (timeout_seconds > 0),
  created_ms double precision NOT NULL,
  started_ms double precision,
  ended_ms double precision,
  last_event double precision NOT NULL DEFAULT 0,
  FOREIGN KEY (model, version) REFERENCES entrepot_runs.versions (model, version)
);
CREATE INDEX runs_by_model ON entrepot_runs.runs (model, version, id);
CREATE INDEX runs_by_state ON entrepot_runs.runs (state, id);

CREATE TABLE entrepot_runs.policies (
  run_id text COLLATE "C" NOT NULL REFERENCES entrepot_runs.runs (id) ON DELETE CASCADE,
  id text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  PRIMARY KEY (run_id, id),
  UNIQUE (run_id, position)
);

CREATE TABLE entrepot_runs.contents (
  sha256 text COLLATE "C" PRIMARY KEY,
  size_bytes double precision NOT NULL,
  is_text boolean NOT NULL,
  data bytea NOT NULL
);

CREATE TABLE entrepot_runs.files (
  run_id text COLLATE "C" NOT NULL REFERENCES entrepot_runs.runs (id) ON DELETE CASCADE,
  policy_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  sha256 text COLLATE "C" NOT NULL REFERENCES entrepot_runs.contents (sha256),
  changed_ms double precision NOT NULL,
  PRIMARY KEY (run_id, policy_id, name)
);
CREATE INDEX files_by_content ON entrepot_runs.files (sha256);

CREATE TABLE entrepot_runs.tasks (
  id text COLLATE "C" PRIMARY KEY,
  run_id text COLLATE "C" NOT NULL,
  policy_id text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  is_baseline boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'ready', 'running', 'done', 'failed', 'cancelled')),
  attempts integer NOT NULL DEFAULT 0,
  failures integer NOT NULL DEFAULT 0,
  retries integer NOT NULL,
  timeout_seconds integer,
  reason text,
  fraction double precision,
  message text,
  progress_ms double precision,
  created_ms double precision NOT NULL,
  started_ms double precision,
  ended_ms double precision,
  UNIQUE (run_id, policy_id),
  FOREIGN KEY (run_id, policy_id) REFERENCES entrepot_runs.policies (run_id, id) ON DELETE CASCADE
);
CREATE INDEX tasks_that_are_open ON entrepot_runs.tasks (state, id) WHERE state IN ('ready', 'running');

CREATE TABLE entrepot_runs.attempts (
  task_id text COLLATE "C" NOT NULL REFERENCES entrepot_runs.tasks (id) ON DELETE CASCADE,
  number integer NOT NULL,
  token text COLLATE "C" NOT NULL UNIQUE,
  state text NOT NULL CHECK (state IN ('running', 'done', 'failed', 'lost', 'cancelled')),
  worker text NOT NULL,
  started_ms double precision NOT NULL,
  alive_ms double precision NOT NULL,
  ended_ms double precision,
  exit_code integer,
  error text,
  lines integer NOT NULL DEFAULT 0,
  line_bytes double precision NOT NULL DEFAULT 0,
  PRIMARY KEY (task_id, number)
);
CREATE UNIQUE INDEX attempts_one_at_a_time ON entrepot_runs.attempts (task_id) WHERE state = 'running';

CREATE TABLE entrepot_runs.outputs (
  run_id text COLLATE "C" NOT NULL,
  policy_id text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  uri text NOT NULL,
  size_bytes double precision NOT NULL,
  etag text NOT NULL,
  PRIMARY KEY (run_id, policy_id, path),
  FOREIGN KEY (run_id, policy_id) REFERENCES entrepot_runs.policies (run_id, id) ON DELETE CASCADE
);

CREATE TABLE entrepot_runs.events (
  run_id text COLLATE "C" NOT NULL REFERENCES entrepot_runs.runs (id) ON DELETE CASCADE,
  at double precision NOT NULL,
  time_ms double precision NOT NULL,
  type text NOT NULL,
  policy_id text COLLATE "C",
  attempt integer,
  text text,
  stream text,
  fraction double precision,
  will_retry boolean,
  PRIMARY KEY (run_id, at)
);

CREATE TABLE entrepot_runs.tokens (
  id text COLLATE "C" PRIMARY KEY,
  name text NOT NULL,
  hash text NOT NULL UNIQUE,
  role text NOT NULL CHECK (role IN ('read', 'run', 'admin')),
  models text,
  created_ms double precision NOT NULL,
  expires_ms double precision
);
`;
