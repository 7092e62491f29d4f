/** What jobs of services and the pointers in buckets need. Never changed once it is released: what is new is a version of its own. */

/**
 * `folder` of an attempt: its name among those of the policy; null: its number. `service` of a run: whose jobs its tasks belong to; null: workers that wait. `published_attempt` of a task: the one that `outputs.json`
 * beside its outputs names; what was done before is taken for published.
 */
export const version2 = `
ALTER TABLE entrepot_runs.runs ADD COLUMN service text;
ALTER TABLE entrepot_runs.attempts ADD COLUMN folder text;

CREATE TABLE entrepot_runs.jobs (
  run_id text COLLATE "C" NOT NULL,
  policy_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  submitted_ms double precision NOT NULL,
  cancelled_ms double precision,
  PRIMARY KEY (run_id, policy_id, id),
  FOREIGN KEY (run_id, policy_id) REFERENCES entrepot_runs.policies (run_id, id) ON DELETE CASCADE
);

ALTER TABLE entrepot_runs.tasks ADD COLUMN published_attempt integer;
UPDATE entrepot_runs.tasks SET published_attempt = attempts WHERE state = 'done';
CREATE INDEX tasks_open_in_run ON entrepot_runs.tasks (run_id) WHERE state IN ('waiting', 'ready', 'running');
CREATE INDEX tasks_unpublished ON entrepot_runs.tasks (id) WHERE state = 'done' AND published_attempt IS DISTINCT FROM attempts;
`;
