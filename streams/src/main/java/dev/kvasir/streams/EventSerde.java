package dev.kvasir.streams;

import dev.kvasir.time.Pause;
import dev.kvasir.topic.EventDeserializer;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.Registry;
import dev.kvasir.topic.RegistryUnavailableException;
import dev.kvasir.topic.UndecodableException;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events on our topics. A value that cannot be decoded is read as null, which processors count; a
 * registry that cannot be reached is asked again, and then fails the thread, whose records are read
 * once more by the next. Shared by all stream threads: each has its own serializers.
 */
final class EventSerde implements Serde<SpecificRecord> {

  private static final Logger LOG = LoggerFactory.getLogger(EventSerde.class);

  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(50);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(2);

  private final ThreadLocal<EventSerializer> writers;
  private final ThreadLocal<EventDeserializer> readers;

  EventSerde(Registry registry) {
    writers = ThreadLocal.withInitial(() -> new EventSerializer(registry));
    readers = ThreadLocal.withInitial(() -> new EventDeserializer(registry));
  }

  @Override
  public Serializer<SpecificRecord> serializer() {
    return (topic, event) -> patiently(() -> writers.get().serialize(topic, event));
  }

  @Override
  public Deserializer<SpecificRecord> deserializer() {
    return this::read;
  }

  private @Nullable SpecificRecord read(String topic, byte @Nullable [] value) {
    EventDeserializer reader = readers.get();
    try {
      try {
        return reader.deserialize(topic, value);
      } catch (RegistryUnavailableException e) {
        return patiently(() -> reader.deserialize(topic, value));
      }
    } catch (UndecodableException e) {
      LOG.debug("a record is skipped reason=\"{}\"", e.getMessage());
      return null;
    }
  }

  private static <T> T patiently(Supplier<T> lookup) {
    Duration backOff = FIRST_BACK_OFF;
    while (true) {
      try {
        return lookup.get();
      } catch (RegistryUnavailableException e) {
        if (backOff.compareTo(LONGEST_BACK_OFF) > 0) {
          throw e;
        }
        LOG.warn(
            "the schema registry is asked again reason=\"{}\" after_ms={}",
            e.getMessage(),
            backOff.toMillis());
        pause(backOff, e);
        backOff = backOff.multipliedBy(2);
      }
    }
  }

  private static void pause(Duration length, RegistryUnavailableException cause) {
    try {
      Pause.of(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cause;
    }
  }
}
