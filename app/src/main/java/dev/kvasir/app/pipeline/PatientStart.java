package dev.kvasir.app.pipeline;

import dev.kvasir.topic.RegistryUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts what outlives its log: while Kafka or the registry is away it tries again, until it
 * succeeds or a stop is requested. What waiting cannot mend fails at once. Owned by one thread.
 */
public final class PatientStart {

  private static final Logger LOG = LoggerFactory.getLogger(PatientStart.class);
  private static final Duration BEFORE_RETRY = Duration.ofMillis(200);

  private final StopSignal stop;
  private final Consumer<String> news;
  private String said = "";

  /** One attempt; it may be made again after it failed, and leaves nothing open then. */
  @FunctionalInterface
  public interface Attempt<T> {

    /** Starts it. */
    T make() throws InterruptedException;
  }

  /**
   * @param stop what ends the waiting
   * @param news hears what is waited for, once for each reason
   */
  public PatientStart(StopSignal stop, Consumer<String> news) {
    this.stop = stop;
    this.news = news;
  }

  /** What was started; empty if a stop was requested before. */
  public <T> Optional<T> of(Attempt<T> attempt) throws InterruptedException {
    while (!stop.isRequested()) {
      try {
        return Optional.of(attempt.make());
      } catch (RuntimeException e) {
        if (!mayPass(e)) {
          throw e;
        }
        say(e);
      }
      stop.await(BEFORE_RETRY);
    }
    return Optional.empty();
  }

  private void say(RuntimeException failure) {
    LOG.info("waiting for=\"{}\"", Causes.paragraph(failure));
    String reason = String.valueOf(failure.getMessage());
    if (!reason.equals(said)) {
      news.accept(reason);
      said = reason;
    }
  }

  /** Whether the same call may succeed later: brokers come one after the other. */
  private static boolean mayPass(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof RetriableException
          || each instanceof RegistryUnavailableException
          || each instanceof InvalidReplicationFactorException) {
        return true;
      }
    }
    return false;
  }
}
