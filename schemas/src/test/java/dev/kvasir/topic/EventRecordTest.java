package dev.kvasir.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.ShardFinished;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import org.junit.jupiter.api.Test;

class EventRecordTest {

  @Test
  void aTokenGoesUnderItsRunAndOrdinalAtItsOwnTime() {
    var record =
        EventRecord.of(
            new TokenReceived(7L, -2, 0, 1_700_000_000_123_456_789L, 1, null, 5L, 4L, 1, 0));

    assertThat(record.topic()).isEqualTo("kvasir.tokens");
    assertThat(record.timestamp()).isEqualTo(1_700_000_000_123L);
    assertThat(EventKey.run(record.key())).isEqualTo(7);
    assertThat(EventKey.ordinal(record.key())).isEqualTo(-2);
    assertThat(record.key()).hasSize(EventKey.Kind.REQUEST.bytes());
  }

  @Test
  void aShardGoesUnderItsRunAndShard() {
    var record = EventRecord.of(new ShardFinished(7L, 1_000_000L, 2, 1, 10L, 10L, 100L, 0L, null));

    assertThat(record.key()).isEqualTo(EventKey.ofShard(7, 2));
  }

  @Test
  void everyEventHasARunATimeAndATopic() {
    for (Topic topic : Topic.values()) {
      assertThat(topic.events())
          .allSatisfy(event -> {
            var schema = org.apache.avro.specific.SpecificData.get().getSchema(event);
            assertThat(schema.getField("run").schema().getType().getName()).isEqualTo("long");
            assertThat(schema.getField("at").schema().getType().getName()).isEqualTo("long");
          });
    }
    assertThat(Topic.of(new WindowMeasured())).isEqualTo(Topic.WINDOWS);
  }
}
