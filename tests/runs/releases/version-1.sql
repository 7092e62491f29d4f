-- A database of runs as version 1 left it, with one of everything. Never changed: databases of users are like this one.
CREATE SCHEMA entrepot_runs;
CREATE TABLE entrepot_runs.migrations (
  version integer PRIMARY KEY,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

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

INSERT INTO entrepot_runs.migrations (version, checksum) VALUES (1, 'f3fd4d33ef7b8cc9e93b4073331b692c0bbfdf97978389331b14a29c44a9d5bf');
INSERT INTO entrepot_runs.models (name, description, created_ms) VALUES ('dynamic', 'An old one', 1700000000000);
INSERT INTO entrepot_runs.versions (model, version, number, description, program, deployed_ms) VALUES
  ('dynamic', 'v1', 1, '', '{"command":["python","main.py"],"env":{"A":"b"}}', 1700000000001),
  ('dynamic', 'v2', 2, 'faster', '{"command":["node","main.js"]}', 1700000000002);
INSERT INTO entrepot_runs.runs (id, model, version, name, description, state, options, baseline_first, retries, timeout_seconds, created_ms, started_ms, ended_ms, last_event) VALUES
  ('01hf2vzbg0000', 'dynamic', 'v1', 'first', '', 'failed', '{"first_year":2024,"stacking_order":["base","p1"]}', true, 0, NULL, 1700000000003, 1700000000004, 1700000000009, 6),
  ('01hf2vzbg0001', 'dynamic', 'v2', 'second', 'not started', 'created', '{}', false, 2, 60, 1700000000010, NULL, NULL, 0);
INSERT INTO entrepot_runs.policies (run_id, id, position) VALUES
  ('01hf2vzbg0000', 'base', 0), ('01hf2vzbg0000', 'p1', 1), ('01hf2vzbg0001', 'base', 0);
INSERT INTO entrepot_runs.contents (sha256, size_bytes, is_text, data) VALUES
  ('ea14f99c47575613ab22111122c847728c61007f6bfd7b062d02fcb99df3feb0', 10, true, '\x612c620d0a312c320d0a');
INSERT INTO entrepot_runs.files (run_id, policy_id, name, sha256, changed_ms) VALUES
  ('01hf2vzbg0000', '', 'parameters.csv', 'ea14f99c47575613ab22111122c847728c61007f6bfd7b062d02fcb99df3feb0', 1700000000003),
  ('01hf2vzbg0001', 'base', 'parameters.csv', 'ea14f99c47575613ab22111122c847728c61007f6bfd7b062d02fcb99df3feb0', 1700000000010);
INSERT INTO entrepot_runs.tasks (id, run_id, policy_id, position, is_baseline, state, attempts, failures, retries, reason, fraction, message, progress_ms, created_ms, started_ms, ended_ms) VALUES
  ('01hf2vzbg0002', '01hf2vzbg0000', 'base', 0, true, 'done', 1, 0, 0, NULL, 1, 'all', 1700000000005, 1700000000004, 1700000000005, 1700000000006),
  ('01hf2vzbg0003', '01hf2vzbg0000', 'p1', 1, false, 'failed', 1, 1, 0, 'exit code 2', NULL, NULL, NULL, 1700000000004, 1700000000007, 1700000000009);
INSERT INTO entrepot_runs.attempts (task_id, number, token, state, worker, started_ms, alive_ms, ended_ms, exit_code, error, lines, line_bytes) VALUES
  ('01hf2vzbg0002', 1, 'token1', 'done', 'host 1', 1700000000005, 1700000000005, 1700000000006, 0, NULL, 1, 5),
  ('01hf2vzbg0003', 1, 'token2', 'failed', 'host 1', 1700000000007, 1700000000007, 1700000000009, 2, 'exit code 2', 0, 0);
INSERT INTO entrepot_runs.outputs (run_id, policy_id, path, uri, size_bytes, etag) VALUES
  ('01hf2vzbg0000', 'base', 'a.json', 's3://b/dynamic/v1/01hf2vzbg0000/base/a.json', 2, '"e"');
INSERT INTO entrepot_runs.events (run_id, at, time_ms, type, policy_id, attempt, text, stream, fraction, will_retry) VALUES
  ('01hf2vzbg0000', 1, 1700000000004, 'submitted', NULL, NULL, NULL, NULL, NULL, NULL),
  ('01hf2vzbg0000', 2, 1700000000005, 'started', 'base', 1, 'host 1', NULL, NULL, NULL),
  ('01hf2vzbg0000', 3, 1700000000005, 'log', 'base', 1, 'hello', 'stdout', NULL, NULL),
  ('01hf2vzbg0000', 4, 1700000000006, 'finished', 'base', 1, NULL, NULL, NULL, NULL),
  ('01hf2vzbg0000', 5, 1700000000009, 'failed', 'p1', 1, 'exit code 2', NULL, NULL, false),
  ('01hf2vzbg0000', 6, 1700000000009, 'ended', NULL, NULL, 'failed', NULL, NULL, NULL);
INSERT INTO entrepot_runs.tokens (id, name, hash, role, models, created_ms, expires_ms) VALUES
  ('01hf2vzbg0004', 'page', 'e98a43b6ae6858657bc50195160458b33098f5a48d3904d500244abcf00fb9a7', 'run', '["dynamic"]', 1700000000000, NULL);
