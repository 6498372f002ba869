package dev.kvasir.app.pipeline;

import dev.kvasir.app.meter.Meters;
import dev.kvasir.app.page.PageServer;
import dev.kvasir.app.page.PageSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live page on the port that is wanted, or on a free one where that will do. */
public final class LivePage {

  private static final Logger LOG = LoggerFactory.getLogger(LivePage.class);

  private LivePage() {}

  /**
   * Starts the page.
   *
   * @throws IllegalStateException if the port is taken and no other will do
   */
  public static PageServer start(LogAddress log, PipelineSettings.Page wanted, Meters meters) {
    if (!wanted.mayMove()) {
      return start(log, wanted, wanted.port(), meters);
    }
    try {
      return start(log, wanted, wanted.port(), meters);
    } catch (IllegalStateException e) {
      LOG.info("another port is taken reason=\"{}\"", e.getMessage());
      return start(log, wanted, 0, meters);
    }
  }

  private static PageServer start(
      LogAddress log, PipelineSettings.Page wanted, int port, Meters meters) {
    return PageServer.start(
        new PageSettings(
            log.bootstrapServers(),
            log.schemas(),
            wanted.host(),
            port,
            wanted.token(),
            wanted.tls()),
        meters);
  }
}
