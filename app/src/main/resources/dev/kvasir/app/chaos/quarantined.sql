SELECT topic, log_partition, log_offset FROM quarantine
