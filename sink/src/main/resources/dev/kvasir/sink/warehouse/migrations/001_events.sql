-- Columns are the events' fields: nested records are flattened, …At is …_at_ns (epoch nanoseconds),
-- …Nanos is …_ns. Rows lie in the order of the log's partitions; no table has an index.

CREATE TABLE run_started (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  id VARCHAR NOT NULL,
  experiment VARCHAR NOT NULL,
  strategy VARCHAR NOT NULL,
  cell VARCHAR NOT NULL,
  load_point VARCHAR NOT NULL,
  repeat INTEGER NOT NULL,
  seed BIGINT NOT NULL,
  declared MAP(VARCHAR, VARCHAR) NOT NULL,
  derived MAP(VARCHAR, VARCHAR) NOT NULL,
  parameters MAP(VARCHAR, VARCHAR) NOT NULL,
  load_kind VARCHAR NOT NULL,
  load_arrivals VARCHAR NOT NULL,
  load_rate DOUBLE,
  load_burstiness DOUBLE,
  load_concurrency INTEGER,
  load_duration_ns BIGINT,
  load_options MAP(VARCHAR, VARCHAR) NOT NULL,
  workload_name VARCHAR NOT NULL,
  workload_file VARCHAR,
  workload_hash VARCHAR NOT NULL,
  workload_tokenizer VARCHAR NOT NULL,
  workload_output_tokens INTEGER,
  workload_ignore_eos BOOLEAN NOT NULL,
  workload_options MAP(VARCHAR, VARCHAR) NOT NULL,
  slo_ttft_ns BIGINT,
  slo_tpot_ns BIGINT,
  slo_target DOUBLE,
  server_url VARCHAR NOT NULL,
  server_protocol VARCHAR NOT NULL,
  server_model VARCHAR NOT NULL,
  server_engine VARCHAR,
  server_engine_version VARCHAR,
  server_gpus INTEGER,
  server_command VARCHAR[] NOT NULL,
  server_environment MAP(VARCHAR, VARCHAR) NOT NULL,
  planned_requests BIGINT,
  warm_up_requests BIGINT NOT NULL,
  passes INTEGER NOT NULL,
  salt VARCHAR,
  timeout_ns BIGINT NOT NULL,
  start_at_ns BIGINT NOT NULL,
  shards INTEGER NOT NULL,
  alerts JSON NOT NULL,
  version VARCHAR NOT NULL,
  commit VARCHAR NOT NULL,
  host_name VARCHAR NOT NULL,
  host_os VARCHAR NOT NULL,
  host_processors INTEGER NOT NULL,
  host_memory_bytes BIGINT NOT NULL,
  host_jvm VARCHAR NOT NULL,
  anchor_epoch_ns BIGINT NOT NULL,
  anchor_monotonic_ns BIGINT NOT NULL,
  anchor_error_ns BIGINT NOT NULL,
  plan VARCHAR
);

CREATE TABLE phase_started (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  phase VARCHAR NOT NULL,
  pass INTEGER NOT NULL
);

CREATE TABLE run_finished (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  verdict VARCHAR NOT NULL,
  reasons VARCHAR[] NOT NULL,
  outcomes MAP(VARCHAR, BIGINT) NOT NULL,
  requests_sent BIGINT NOT NULL,
  requests_finished BIGINT NOT NULL,
  tokens_received BIGINT NOT NULL,
  events_lost BIGINT NOT NULL,
  first_sent_at_ns BIGINT,
  last_end_at_ns BIGINT,
  wall_step_ns BIGINT
);

CREATE TABLE run_labelled (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  labels MAP(VARCHAR, VARCHAR) NOT NULL,
  "by" VARCHAR
);

CREATE TABLE run_scored (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  metric VARCHAR NOT NULL,
  value DOUBLE NOT NULL,
  source VARCHAR
);

CREATE TABLE run_imported (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  format VARCHAR NOT NULL,
  file VARCHAR NOT NULL,
  hash VARCHAR NOT NULL,
  position BIGINT,
  metadata MAP(VARCHAR, VARCHAR) NOT NULL
);

CREATE TABLE result_reported (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  metric VARCHAR NOT NULL,
  value DOUBLE NOT NULL,
  unit VARCHAR NOT NULL,
  definition VARCHAR NOT NULL
);

CREATE TABLE run_retracted (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  reason VARCHAR NOT NULL
);

CREATE TABLE request_sent (
  run BIGINT NOT NULL,
  ordinal INTEGER NOT NULL,
  at_ns BIGINT NOT NULL,
  due_at_ns BIGINT NOT NULL,
  phase VARCHAR NOT NULL,
  pass INTEGER NOT NULL,
  prompt_tokens INTEGER,
  session INTEGER,
  turn INTEGER,
  prefix_group INTEGER,
  ttft_slo_ns BIGINT,
  epoch INTEGER NOT NULL
);

CREATE TABLE request_finished (
  run BIGINT NOT NULL,
  ordinal INTEGER NOT NULL,
  at_ns BIGINT NOT NULL,
  outcome VARCHAR NOT NULL,
  status INTEGER,
  error VARCHAR,
  due_at_ns BIGINT NOT NULL,
  sent_at_ns BIGINT,
  headers_at_ns BIGINT,
  first_chunk_at_ns BIGINT,
  first_content_at_ns BIGINT,
  last_content_at_ns BIGINT,
  done_at_ns BIGINT,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cached_tokens INTEGER,
  cached_by_tier MAP(VARCHAR, INTEGER) NOT NULL,
  chunks INTEGER NOT NULL,
  finish_reason VARCHAR,
  output_hash BIGINT,
  phase VARCHAR NOT NULL,
  pass INTEGER NOT NULL,
  ttft_slo_ns BIGINT,
  tpot_slo_ns BIGINT,
  timeout_ns BIGINT NOT NULL,
  epoch INTEGER NOT NULL,
  text VARCHAR
);

CREATE TABLE sample (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  source VARCHAR NOT NULL,
  name VARCHAR NOT NULL,
  labels MAP(VARCHAR, VARCHAR) NOT NULL,
  value DOUBLE NOT NULL
);

CREATE TABLE window_revision (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  seconds INTEGER NOT NULL,
  end_second BIGINT NOT NULL,
  chunks BIGINT NOT NULL,
  tokens BIGINT NOT NULL,
  sent BIGINT NOT NULL,
  ok BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  timeouts BIGINT NOT NULL,
  attained BIGINT NOT NULL,
  attained_ttft BIGINT NOT NULL,
  attained_tpot BIGINT NOT NULL,
  attainment DOUBLE,
  ttft_count BIGINT,
  ttft_mean_ns DOUBLE,
  ttft_min_ns DOUBLE,
  ttft_p50_ns DOUBLE,
  ttft_p90_ns DOUBLE,
  ttft_p99_ns DOUBLE,
  ttft_max_ns DOUBLE,
  ttft_sent_count BIGINT,
  ttft_sent_mean_ns DOUBLE,
  ttft_sent_min_ns DOUBLE,
  ttft_sent_p50_ns DOUBLE,
  ttft_sent_p90_ns DOUBLE,
  ttft_sent_p99_ns DOUBLE,
  ttft_sent_max_ns DOUBLE,
  itl_count BIGINT,
  itl_mean_ns DOUBLE,
  itl_min_ns DOUBLE,
  itl_p50_ns DOUBLE,
  itl_p90_ns DOUBLE,
  itl_p99_ns DOUBLE,
  itl_max_ns DOUBLE,
  tpot_count BIGINT,
  tpot_mean_ns DOUBLE,
  tpot_min_ns DOUBLE,
  tpot_p50_ns DOUBLE,
  tpot_p90_ns DOUBLE,
  tpot_p99_ns DOUBLE,
  tpot_max_ns DOUBLE,
  e2e_count BIGINT,
  e2e_mean_ns DOUBLE,
  e2e_min_ns DOUBLE,
  e2e_p50_ns DOUBLE,
  e2e_p90_ns DOUBLE,
  e2e_p99_ns DOUBLE,
  e2e_max_ns DOUBLE,
  in_flight BIGINT NOT NULL,
  waiting BIGINT NOT NULL,
  breached BIGINT NOT NULL,
  oldest_wait_ns BIGINT,
  late BIGINT NOT NULL,
  undecodable BIGINT NOT NULL
);

CREATE TABLE alert_raised (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  rule VARCHAR NOT NULL,
  metric VARCHAR NOT NULL,
  value DOUBLE NOT NULL,
  threshold DOUBLE NOT NULL
);

CREATE TABLE alert_cleared (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  rule VARCHAR NOT NULL,
  metric VARCHAR NOT NULL,
  value DOUBLE NOT NULL
);

CREATE TABLE shard_offered (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  shard INTEGER NOT NULL,
  shards INTEGER NOT NULL,
  plan VARCHAR NOT NULL,
  cell VARCHAR NOT NULL,
  repeat INTEGER NOT NULL,
  start_at_ns BIGINT NOT NULL
);

CREATE TABLE shard_taken (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  shard INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  generator VARCHAR NOT NULL
);

CREATE TABLE shard_finished (
  run BIGINT NOT NULL,
  at_ns BIGINT NOT NULL,
  shard INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  requests_sent BIGINT NOT NULL,
  requests_finished BIGINT NOT NULL,
  tokens_received BIGINT NOT NULL,
  events_lost BIGINT NOT NULL
);

-- Short numbers for runs, so that a token need not repeat eight bytes.
CREATE TABLE run_code (
  code INTEGER NOT NULL,
  run BIGINT NOT NULL
);

-- A content chunk. Absent is the usual: one token (-1 is an unknown number), measured and no
-- reasoning (flags 1), and a read of its own that follows the read of the chunk before.
CREATE TABLE token (
  run_code INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  index INTEGER NOT NULL,
  at_ns BIGINT NOT NULL,
  tokens INTEGER,
  read_batch INTEGER,
  flags INTEGER
);

-- Records that could not be decoded.
CREATE TABLE quarantine (
  topic_id VARCHAR NOT NULL,
  topic VARCHAR NOT NULL,
  log_partition INTEGER NOT NULL,
  log_offset BIGINT NOT NULL,
  record_at_ms BIGINT NOT NULL,
  key BLOB,
  value BLOB,
  reason VARCHAR NOT NULL
);

-- Where loading goes on. Written in the transaction of the rows that it covers.
CREATE TABLE offsets (
  topic_id VARCHAR NOT NULL,
  topic VARCHAR NOT NULL,
  log_partition INTEGER NOT NULL,
  next_offset BIGINT NOT NULL
);

-- Parts of the log that are gone: the log's end fell behind what was loaded (kind `cut`), or records
-- expired before they were loaded (kind `expired`).
CREATE TABLE log_loss (
  detected_at_ns BIGINT NOT NULL,
  kind VARCHAR NOT NULL,
  topic_id VARCHAR NOT NULL,
  topic VARCHAR NOT NULL,
  log_partition INTEGER NOT NULL,
  from_offset BIGINT NOT NULL,
  to_offset BIGINT NOT NULL,
  last_kept_at_ms BIGINT
);
