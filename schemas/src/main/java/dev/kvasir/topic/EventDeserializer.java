package dev.kvasir.topic;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes in Confluent's wire format to events; not thread-safe. Confluent's deserializer reads the
 * first event of every schema; further ones are read by Avro itself, which takes a third of the
 * time, and tokens by {@link TokenReader}.
 */
public final class EventDeserializer implements Deserializer<SpecificRecord> {

  static {
    TrustedEvents.trust();
  }

  /** How Confluent's deserializer begins when the schema was found and the bytes do not fit it. */
  private static final String DECODING_FAILED = "Error deserializing Avro message";

  /** A zero and the schema's id stand before the event. */
  private static final int HEADER_BYTES = 1 + Integer.BYTES;

  private final KafkaAvroDeserializer confluent = new KafkaAvroDeserializer();
  private final Map<Integer, EventReader> readers = new HashMap<>();
  private final TokenReader tokens = new TokenReader();
  private @Nullable BinaryDecoder decoder;

  /** Reads the events of one schema. */
  private interface EventReader {
    SpecificRecord read(byte[] value) throws IOException;
  }

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
    EventReader reader =
        value.length > HEADER_BYTES && value[0] == 0 ? readers.get(schemaId(value)) : null;
    return reader == null ? readFirst(topic, value) : read(reader, topic, value);
  }

  private static int schemaId(byte[] value) {
    return ByteBuffer.wrap(value).getInt(1);
  }

  private static SpecificRecord read(EventReader reader, String topic, byte[] value) {
    try {
      return reader.read(value);
    } catch (IOException | RuntimeException e) {
      throw undecodable(topic, e);
    }
  }

  private static UndecodableException undecodable(String topic, Exception cause) {
    return new UndecodableException(
        "the record on " + topic + " cannot be decoded: " + SchemaLookup.reason(cause), cause);
  }

  private SpecificRecord readFirst(String topic, byte[] value) {
    try {
      SpecificRecord event = (SpecificRecord) confluent.deserialize(topic, value);
      remember(schemaId(value), event);
      return event;
    } catch (RuntimeException e) {
      if (isLookupFailure(e)) {
        throw new RegistryUnavailableException(
            "the schema of a record on "
                + topic
                + " cannot be looked up: "
                + SchemaLookup.reason(e),
            e);
      }
      throw undecodable(topic, e);
    }
  }

  private void remember(int id, SpecificRecord event) {
    try {
      if (confluent.getSchemaById(id) instanceof AvroSchema written) {
        readers.put(id, reader(written.rawSchema(), event.getSchema()));
      }
    } catch (IOException | RestClientException e) {
      // The event itself was read; the next one of its schema is Confluent's to read again.
      readers.remove(id);
    }
  }

  private EventReader reader(Schema written, Schema inUse) {
    if (TokenReader.reads(written)) {
      return value -> tokens.read(value, HEADER_BYTES);
    }
    DatumReader<SpecificRecord> avro = new SpecificDatumReader<>(written, inUse);
    return value -> {
      decoder =
          DecoderFactory.get()
              .binaryDecoder(value, HEADER_BYTES, value.length - HEADER_BYTES, decoder);
      return avro.read(null, decoder);
    };
  }

  private static boolean isLookupFailure(RuntimeException failure) {
    if (failure.getMessage() != null && failure.getMessage().startsWith(DECODING_FAILED)) {
      return false;
    }
    return SchemaLookup.mayPass(failure);
  }

  @Override
  public void close() {
    confluent.close();
  }
}
