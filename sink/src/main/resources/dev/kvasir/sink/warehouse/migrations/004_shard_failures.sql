-- How generators reach a shared run's server, and why one could not go on with its share.
ALTER TABLE shard_offered ADD COLUMN server VARCHAR;
ALTER TABLE shard_offered ADD COLUMN host VARCHAR;
ALTER TABLE shard_offered ADD COLUMN counts_along BOOLEAN DEFAULT false;
ALTER TABLE shard_offered ADD COLUMN expires_at_ns BIGINT;
ALTER TABLE shard_finished ADD COLUMN failure VARCHAR;
