package dev.kvasir.producer.shard;

import dev.kvasir.topic.EventRecord;
import org.apache.avro.specific.SpecificRecord;

/** A shard of a run. */
record ShardId(long run, int shard) {

  /** The shard that an event of the topic speaks of. */
  static ShardId of(SpecificRecord event) {
    return new ShardId(
        EventRecord.run(event), (int) event.get(event.getSchema().getField("shard").pos()));
  }
}
