package dev.kvasir.topic;

import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Events to bytes in Confluent's wire format; not thread-safe. Confluent's serializer writes the
 * first event of every kind, which finds its schema's id; further ones are written by Avro itself,
 * which takes a tenth of the time.
 */
public final class EventSerializer implements Serializer<SpecificRecord> {

  static {
    TrustedEvents.trust();
  }

  private static final int USUAL_BYTES = 256;

  /**
   * How the events of a kind are written to a topic.
   *
   * @param topic topic
   * @param id id of their schema
   * @param writer writes them
   */
  private record Known(String topic, int id, DatumWriter<SpecificRecord> writer) {}

  /** Lets generated events write their own fields, which boxes none of them. */
  private static final SpecificData MODEL = new SpecificData();

  static {
    MODEL.setCustomCoders(true);
  }

  private final KafkaAvroSerializer confluent = new KafkaAvroSerializer();
  private final Map<Class<?>, Known> kinds = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
  private @Nullable BinaryEncoder encoder;

  public EventSerializer(Registry registry) {
    confluent.configure(registry.serdeConfig(), false);
  }

  /**
   * Encodes one event.
   *
   * @throws RegistryUnavailableException if its schema cannot be looked up now
   */
  @Override
  public byte[] serialize(String topic, SpecificRecord event) {
    Known known = kinds.get(event.getClass());
    if (known == null || !known.topic.equals(topic)) {
      byte[] bytes = writeFirst(topic, event);
      int id = ByteBuffer.wrap(bytes).getInt(1);
      kinds.put(
          event.getClass(),
          new Known(topic, id, new SpecificDatumWriter<>(event.getSchema(), MODEL)));
      return bytes;
    }
    return write(known, event);
  }

  private byte[] writeFirst(String topic, SpecificRecord event) {
    try {
      return confluent.serialize(topic, event);
    } catch (RuntimeException e) {
      if (!SchemaLookup.mayPass(e)) {
        throw e;
      }
      throw new RegistryUnavailableException(
          "the schema of %s for %s cannot be looked up: %s"
              .formatted(event.getSchema().getName(), topic, SchemaLookup.reason(e)),
          e);
    }
  }

  private byte[] write(Known known, SpecificRecord event) {
    out.reset();
    out.write(0);
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      out.write(known.id >>> shift);
    }
    BinaryEncoder reused =
        encoder == null ? EncoderFactory.get().binaryEncoder(out, null) : encoder;
    // An encoder that a failure left in the middle of an event is not used again.
    encoder = null;
    try {
      known.writer.write(event, reused);
      reused.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("an event could not be written to memory", e);
    }
    encoder = reused;
    return out.toByteArray();
  }

  @Override
  public void close() {
    confluent.close();
  }
}
