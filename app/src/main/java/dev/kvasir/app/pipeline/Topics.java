package dev.kvasir.app.pipeline;

import dev.kvasir.topic.TopicLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.TimeoutException;

/** The topics of a log, made ready. */
public final class Topics {

  private static final int PATIENCE_MILLIS = 15_000;

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
    }
  }

  /** The id of a cluster. */
  static String clusterId(LogAddress log) throws InterruptedException {
    try (Admin admin = admin(log)) {
      return admin.describeCluster().clusterId().get();
    } catch (ExecutionException e) {
      throw failure(log, e.getCause() == null ? e : e.getCause());
    }
  }

  private static Admin admin(LogAddress log) {
    Map<String, Object> settings = new HashMap<>(log.client("kvasir-topics"));
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
    return Admin.create(settings);
  }

  private static IllegalStateException failure(LogAddress log, Throwable cause) {
    String reason =
        cause instanceof TimeoutException
            ? "does not answer; start it, or correct --bootstrap-servers"
            : "refuses: " + cause.getMessage();
    return new IllegalStateException(
        "Kafka at %s %s".formatted(log.bootstrapServers(), reason), cause);
  }
}
