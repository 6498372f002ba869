package dev.kvasir.producer.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.PrimitiveIterator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ListeningPortsTest {

  @Test
  void freePortsAreAllDifferent() {
    PrimitiveIterator.OfInt free = ListeningPorts.free();

    assertThat(IntStream.generate(free::nextInt).limit(2_000).boxed()).doesNotHaveDuplicates();
  }
}
