package dev.kvasir.topic;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.io.IOException;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Bytes in Confluent's wire format to events; not thread-safe. */
public final class EventDeserializer implements Deserializer<SpecificRecord> {

  static {
    TrustedEvents.trust();
  }

  /** How Confluent's deserializer begins when the schema was found and the bytes do not fit it. */
  private static final String DECODING_FAILED = "Error deserializing Avro message";

  private static final Set<Integer> TRANSIENT_STATUS = Set.of(408, 429);

  private final KafkaAvroDeserializer confluent = new KafkaAvroDeserializer();

  public EventDeserializer(Registry registry) {
    confluent.configure(registry.serdeConfig(), false);
  }

  /**
   * Decodes one record's value.
   *
   * @throws UndecodableException if the bytes are no event of ours
   * @throws RegistryUnavailableException if the schema cannot be looked up now
   */
  @Override
  public SpecificRecord deserialize(String topic, byte @Nullable [] value) {
    if (value == null) {
      throw new UndecodableException("the record on " + topic + " has no value", null);
    }
    try {
      return (SpecificRecord) confluent.deserialize(topic, value);
    } catch (RuntimeException e) {
      if (isLookupFailure(e)) {
        throw new RegistryUnavailableException(
            "the schema of a record on " + topic + " cannot be looked up: " + rootMessage(e), e);
      }
      throw new UndecodableException(
          "the record on " + topic + " cannot be decoded: " + rootMessage(e), e);
    }
  }

  private static boolean isLookupFailure(RuntimeException failure) {
    if (failure.getMessage() != null && failure.getMessage().startsWith(DECODING_FAILED)) {
      return false;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RestClientException answer) {
        return answer.getStatus() >= 500 || TRANSIENT_STATUS.contains(answer.getStatus());
      }
      if (cause instanceof IOException || cause instanceof RetriableException) {
        return true;
      }
    }
    return false;
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() {
    confluent.close();
  }
}
