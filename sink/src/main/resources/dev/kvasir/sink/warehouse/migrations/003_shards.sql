-- Salt put before every prompt of a share, to force a cold start.
ALTER TABLE shard_offered ADD COLUMN salt VARCHAR;
