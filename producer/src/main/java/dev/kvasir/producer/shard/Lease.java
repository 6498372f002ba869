package dev.kvasir.producer.shard;

import dev.kvasir.event.ShardFinished;
import dev.kvasir.event.ShardOffered;
import dev.kvasir.event.ShardTaken;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * What the log says of one shard so far.
 *
 * @param offer what it is; null before it was offered
 * @param epoch epoch of who holds it; 0 when nobody does
 * @param holder who holds it; null when nobody does
 * @param end how it ended; null when it has not
 */
record Lease(
    @Nullable ShardOffered offer, int epoch, @Nullable String holder, @Nullable ShardFinished end) {

  /** A shard of which nothing was said. */
  static final Lease UNKNOWN = new Lease(null, 0, null, null);

  /** Folds an event; one of a lower epoch changes nothing. */
  Lease then(SpecificRecord event) {
    return switch (event) {
      case ShardOffered offered -> new Lease(offered, epoch, holder, end);
      case ShardTaken taken when taken.getEpoch() > epoch ->
          new Lease(offer, taken.getEpoch(), taken.getGenerator(), end);
      case ShardFinished finished when finished.getEpoch() >= epoch ->
          new Lease(offer, finished.getEpoch(), holder, finished);
      default -> this;
    };
  }

  /** Whether it waits for somebody to hold it. */
  boolean isOpen() {
    return offer != null && end == null;
  }
}
