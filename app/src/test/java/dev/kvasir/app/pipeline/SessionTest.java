package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.topic.TopicLayout;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionTest {

  private static final String KAFKA = "127.0.0.1:1";

  @TempDir private Path folder;

  @Test
  void whoIsAttachedAsksTheHolderThatWasStartedAgain() throws Exception {
    Home home = Home.at(folder);
    PipelineSettings settings =
        new PipelineSettings("run", null, TopicLayout.EMBEDDED, 0, null, null);
    try (HomeLock lock = HomeLock.tryTake(home).orElseThrow()) {
      lock.announce(holder("http://127.0.0.1:2/"));
      try (Session session = Session.open(home, settings, new Timings())) {
        assertThat(session.page()).isEqualTo(URI.create("http://127.0.0.1:2/"));

        lock.announce(holder("http://127.0.0.1:3/"));

        session.awaitReady();
        assertThat(session.page()).isEqualTo(URI.create("http://127.0.0.1:3/"));
        assertThat(session.log().bootstrapServers()).isEqualTo(KAFKA);
      }
    }
  }

  private static Holder holder(String page) {
    ProcessHandle self = ProcessHandle.current();
    return new Holder(
        self.pid(), Holder.startOf(self), "up", KAFKA, LogAddress.EMBEDDED, null, page, "token");
  }
}
