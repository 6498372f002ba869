package dev.kvasir.app.pipeline;

import dev.kvasir.topic.TopicLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The topics of a log, made ready. */
public final class Topics {

  private static final int PATIENCE_MILLIS = 15_000;

  /** A request that nobody answers is sent again after this time. */
  private static final int REQUEST_MILLIS = 5_000;

  private Topics() {}

  /**
   * Makes the schemas known and creates the topics that are missing.
   *
   * @throws IllegalStateException if Kafka or the registry cannot be reached or refuses
   */
  public static void prepare(LogAddress log, TopicLayout layout) throws InterruptedException {
    log.schemas().prepare();
    try (Admin admin = admin(log)) {
      layout.create(admin);
    } catch (ExecutionException e) {
      throw failure(log, e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw failure(log, e);
    }
  }

  /** The id of a cluster. */
  static String clusterId(LogAddress log) throws InterruptedException {
    try (Admin admin = admin(log)) {
      return admin.describeCluster().clusterId().get();
    } catch (ExecutionException e) {
      throw failure(log, e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw failure(log, e);
    }
  }

  private static Admin admin(LogAddress log) {
    Map<String, Object> settings = new HashMap<>(log.client("kvasir-topics"));
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    return Admin.create(settings);
  }

  private static IllegalStateException failure(LogAddress log, Throwable cause) {
    String reason =
        cause instanceof TimeoutException
            ? "does not answer; start it, or correct --bootstrap-servers"
            : "cannot be used: " + root(cause);
    return new IllegalStateException(
        "Kafka at %s %s".formatted(log.bootstrapServers(), reason), cause);
  }

  private static @Nullable String root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage();
  }
}
