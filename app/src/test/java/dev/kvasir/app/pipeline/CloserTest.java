package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {

  private final List<String> closed = new ArrayList<>();
  private final Closer closer = new Closer();

  @Test
  void theLastIsClosedFirst() {
    closer.add(() -> closed.add("first"));
    closer.add(() -> closed.add("second"));

    closer.close();

    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void oneThatFailsStopsNoOther() {
    closer.add(() -> closed.add("first"));
    closer.add(() -> {
      throw new IllegalStateException("broken");
    });

    assertThatThrownBy(closer::close).hasRootCauseMessage("broken");
    assertThat(closed).containsExactly("first");
  }

  @Test
  void whatComesTooLateIsClosedAtOnce() {
    closer.close();

    closer.add(() -> closed.add("late"));

    assertThat(closed).containsExactly("late");
  }
}
