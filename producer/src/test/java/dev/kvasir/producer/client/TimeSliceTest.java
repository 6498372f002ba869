package dev.kvasir.producer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kvasir.time.Ticker;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class TimeSliceTest {

  @Test
  void theEventLoopGoesBeforeThreadsWithLongerSlicesAndOthersAreLeftAlone() throws Exception {
    String[] kernel = System.getProperty("os.version").split("[.-]");
    assumeTrue(
        Integer.parseInt(kernel[0]) * 1000 + Integer.parseInt(kernel[1]) >= 6012,
        "Linux has slices of a thread's own since 6.12");
    Vertx vertx = Vertx.vertx();
    try {
      Loop loop = new Loop(vertx, Ticker.system());
      CompletableFuture<Long> before = new CompletableFuture<>();
      CompletableFuture<Long> after = new CompletableFuture<>();

      loop.execute(() -> before.complete(TimeSlice.ofThisThread()));
      loop.execute(TimeSlice::shorten);
      loop.execute(() -> after.complete(TimeSlice.ofThisThread()));

      assertThat(after.get(10, TimeUnit.SECONDS)).isEqualTo(TimeSlice.SHORTEST_NANOS);
      assertThat(before.get(10, TimeUnit.SECONDS)).isNotEqualTo(TimeSlice.SHORTEST_NANOS);
      assertThat(TimeSlice.ofThisThread()).isNotEqualTo(TimeSlice.SHORTEST_NANOS);
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }
}
