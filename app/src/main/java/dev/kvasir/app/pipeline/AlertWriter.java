package dev.kvasir.app.pipeline;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes alerts to a log in their order, on threads of its own, so that a log which is away holds
 * nobody up. One thread uses it.
 */
public final class AlertWriter {

  private static final Logger LOG = LoggerFactory.getLogger(AlertWriter.class);
  private static final long PATIENCE_SECONDS = 10;

  private final LogAddress log;
  private CompletableFuture<@Nullable Void> written = CompletableFuture.completedFuture(null);

  /** Writes to a log whose topics exist when the first alert comes. */
  public AlertWriter(LogAddress log) {
    this.log = log;
  }

  /** Begins to write an alert. */
  void write(SpecificRecord alert) {
    written =
        written.thenRunAsync(
            () -> append(alert),
            task -> Thread.ofPlatform().daemon().name("alert-writer").start(task));
  }

  private void append(SpecificRecord alert) {
    try (LogWriter writer = LogWriter.open(log, "alerts")) {
      writer.write(Stream.of(alert));
      writer.commit();
    } catch (RuntimeException e) {
      LOG.warn("an alert is not in the log reason=\"{}\"", Causes.paragraph(e));
    }
  }

  /** Waits until the log has what was written; not for ever. */
  public void await() {
    written.copy().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }
}
