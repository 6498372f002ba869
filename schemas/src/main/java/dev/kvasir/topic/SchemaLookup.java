package dev.kvasir.topic;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.Set;
import org.apache.kafka.common.errors.RetriableException;

/** Why Confluent's serializer or deserializer could not look a schema up. */
final class SchemaLookup {

  private static final Set<Integer> TRANSIENT_STATUS = Set.of(408, 429);

  private SchemaLookup() {}

  /** Whether the registry could not be asked, or had no answer for now. */
  static boolean mayPass(RuntimeException failure) {
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

  /** What went wrong first, in its own words. */
  static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
