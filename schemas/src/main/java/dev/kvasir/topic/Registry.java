package dev.kvasir.topic;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.KafkaAvroDeserializerConfig;
import io.confluent.kafka.serializers.KafkaAvroSerializerConfig;
import io.confluent.kafka.serializers.subject.TopicRecordNameStrategy;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where schemas are looked up. */
public sealed interface Registry {

  /**
   * Makes every frozen schema known to the registry.
   *
   * @throws RegistryUnavailableException if it cannot be reached
   * @throws IllegalStateException if it refuses a schema
   */
  void prepare();

  /** The registry's address in the form that Confluent's serializers take. */
  String address();

  /** Confluent's in-process registry, holding the frozen schemas under their permanent ids. */
  static Registry embedded() {
    return Embedded.FILLED;
  }

  /** A registry server. */
  static Registry at(URI address) {
    return new Outside(address);
  }

  /** What Confluent's serializer and deserializer are configured with. */
  default Map<String, Object> serdeConfig() {
    Map<String, Object> config = new HashMap<>(ClientAccess.ofProcess().registry(address()));
    config.put(KafkaAvroSerializerConfig.SCHEMA_REGISTRY_URL_CONFIG, address());
    config.put(KafkaAvroSerializerConfig.AUTO_REGISTER_SCHEMAS, false);
    config.put(
        KafkaAvroSerializerConfig.VALUE_SUBJECT_NAME_STRATEGY, TopicRecordNameStrategy.class);
    config.put(KafkaAvroDeserializerConfig.SPECIFIC_AVRO_READER_CONFIG, true);
    return config;
  }

  /** The in-process registry; every process fills its own, to the same content. */
  final class Embedded implements Registry {

    private static final String SCOPE = "kvasir";
    private static final Embedded FILLED = new Embedded();

    private Embedded() {
      SchemaRegistryClient client = MockSchemaRegistry.getClientForScope(SCOPE);
      for (SchemaHistory.Frozen frozen : SchemaHistory.load()) {
        try {
          client.register(
              frozen.subject(), new AvroSchema(frozen.schema()), frozen.version(), frozen.id());
        } catch (IOException | RestClientException e) {
          throw new IllegalStateException(
              "the in-process registry refused " + frozen.subject() + " as id " + frozen.id(), e);
        }
      }
    }

    @Override
    public void prepare() {
      // Filled when it was made.
    }

    @Override
    public String address() {
      return "mock://" + SCOPE;
    }
  }

  /**
   * A registry server over HTTP.
   *
   * @param server its address
   */
  record Outside(URI server) implements Registry {

    private static final int CACHED_SCHEMAS = 100;
    private static final int UNAUTHORISED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final String COMPATIBILITY = "FULL_TRANSITIVE";

    @Override
    public void prepare() {
      try (SchemaRegistryClient client =
          new CachedSchemaRegistryClient(
              List.of(address()), CACHED_SCHEMAS, ClientAccess.ofProcess().registry(address()))) {
        for (SchemaHistory.Frozen frozen : SchemaHistory.load()) {
          register(client, frozen.subject(), new AvroSchema(frozen.schema()));
          requireCompatibility(client, frozen.subject());
        }
      } catch (RestClientException e) {
        if (e.getStatus() == UNAUTHORISED || e.getStatus() == FORBIDDEN) {
          throw new IllegalStateException(
              "the schema registry at %s does not let this client in (status %d): give it a name and a password in the file that %s names"
                  .formatted(server, e.getStatus(), ClientAccess.VARIABLE),
              e);
        }
        throw new IllegalStateException(
            "the schema registry at "
                + server
                + " refused a schema of this version: "
                + e.getMessage(),
            e);
      } catch (IOException e) {
        throw new RegistryUnavailableException(
            "the schema registry at " + server + " cannot be reached: " + e.getMessage(), e);
      }
    }

    /** Registers a schema; another process that does the same at the same time is no error. */
    private static void register(SchemaRegistryClient client, String subject, AvroSchema schema)
        throws IOException, RestClientException {
      try {
        client.register(subject, schema);
      } catch (RestClientException e) {
        if (!isRegistered(client, subject, schema)) {
          throw e;
        }
      }
    }

    private static boolean isRegistered(
        SchemaRegistryClient client, String subject, AvroSchema schema) throws IOException {
      try {
        client.getId(subject, schema);
        return true;
      } catch (RestClientException e) {
        return false;
      }
    }

    /** Sets a subject's rule; another process that does the same at the same time is no error. */
    private static void requireCompatibility(SchemaRegistryClient client, String subject)
        throws IOException, RestClientException {
      if (hasCompatibility(client, subject)) {
        return;
      }
      try {
        client.updateCompatibility(subject, COMPATIBILITY);
      } catch (RestClientException e) {
        if (!hasCompatibility(client, subject)) {
          throw e;
        }
      }
    }

    private static boolean hasCompatibility(SchemaRegistryClient client, String subject)
        throws IOException, RestClientException {
      try {
        return COMPATIBILITY.equals(client.getCompatibility(subject));
      } catch (RestClientException e) {
        if (e.getStatus() == NOT_FOUND) {
          return false;
        }
        throw e;
      }
    }

    @Override
    public String address() {
      return server.toString();
    }
  }
}
