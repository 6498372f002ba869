-- What another tool recorded of an imported request, in the tool's own precision; seconds.
CREATE TABLE request_reported (
  run BIGINT NOT NULL,
  ordinal INTEGER NOT NULL,
  at_ns BIGINT NOT NULL,
  ttft_seconds DOUBLE,
  latency_seconds DOUBLE,
  queue_seconds DOUBLE,
  tpot_seconds DOUBLE,
  itl_seconds DOUBLE[] NOT NULL
);

-- What the servers showed of the strategy during the measured phase.
ALTER TABLE run_finished ADD COLUMN observed MAP(VARCHAR, VARCHAR) DEFAULT MAP {};
