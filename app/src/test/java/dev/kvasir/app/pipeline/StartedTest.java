package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StartedTest {

  @Test
  void anErrorInAStageEndsTheWaitForItAndIsNamed() {
    CompletableFuture<String> stage =
        started(() -> {
          throw new UnsatisfiedLinkError("no duckdb_java library");
        });

    assertThatThrownBy(() -> Started.get(stage))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("UnsatisfiedLinkError")
        .hasMessageContaining("no duckdb_java");
  }

  @Test
  void aFailureOfAStageIsThrownAsItIs() {
    IllegalStateException failure = new IllegalStateException("the port is taken");

    assertThatThrownBy(() ->
            Started.get(
                started(() -> {
                  throw failure;
                })))
        .isSameAs(failure);
    assertThatThrownBy(() ->
            Started.get(
                started(() -> {
                  throw new IOException("the folder is not writable");
                })))
        .hasMessage("the folder is not writable");
  }

  @Test
  void whatHasStartedIsGiven() {
    assertThat(Started.get(started(() -> "door"))).isEqualTo("door");
  }

  private static <T> CompletableFuture<T> started(Callable<T> stage) {
    return Started.by(Thread::startVirtualThread, stage);
  }
}
