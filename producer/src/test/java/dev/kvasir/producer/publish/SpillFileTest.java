package dev.kvasir.producer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kvasir.topic.Topic;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SpillFileTest {

  @TempDir private Path folder;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("seeds", 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void isAQueueWhateverTheOrderOfAppendsAndTakes(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Queue<EncodedEvent> model = new ArrayDeque<>();
    try (SpillFile spill = new SpillFile(open("queue"))) {
      for (int step = 0; step < 2000; step++) {
        if (random.nextInt(100) < (step < 1000 ? 60 : 40)) {
          EncodedEvent event = event(step, random.nextInt(random.nextInt(50) == 0 ? 600_000 : 900));
          assertThat(spill.append(event)).isTrue();
          model.add(event);
        } else {
          assertSame(take(spill), model.poll());
        }
      }
      while (!model.isEmpty()) {
        assertThat(spill.isEmpty()).isFalse();
        assertSame(take(spill), model.poll());
      }
      assertThat(spill.isEmpty()).isTrue();
    }
  }

  @Test
  void anEmptiedFileGivesItsSpaceBack() throws IOException {
    try (SpillFile spill = new SpillFile(open("space"))) {
      for (int i = 0; i < 1000; i++) {
        assertThat(spill.append(event(i, 1000))).isTrue();
      }
      assertThat(spill.bytes()).isPositive();
      assertThat(Files.size(folder.resolve("space"))).isPositive();

      while (spill.peek() != null) {
        spill.remove();
      }

      assertThat(spill.bytes()).isZero();
      assertThat(Files.size(folder.resolve("space"))).isZero();
    }
  }

  @Test
  void aFullDiskRefusesFurtherEventsAndKeepsThoseThatItTook() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full here");
    FileChannel channel = FileChannel.open(full, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (SpillFile spill = new SpillFile(channel)) {
      int taken = 0;
      while (spill.append(event(taken, 1000))) {
        taken++;
      }

      assertThat(taken).isPositive();
      assertThat(spill.append(event(0, 1000))).isFalse();
      for (int i = 0; i < taken; i++) {
        assertThat(take(spill).timestampMillis()).isEqualTo(i);
      }
      assertThat(spill.isEmpty()).isTrue();
    }
  }

  private FileChannel open(String name) throws IOException {
    return FileChannel.open(
        folder.resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  private static EncodedEvent event(int number, int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) number);
    Topic topic = Topic.values()[number % Topic.values().length];
    EventKind kind = EventKind.values()[number % EventKind.values().length];
    return new EncodedEvent(topic, kind, -number, number, new byte[number % 13], value);
  }

  private static EncodedEvent take(SpillFile spill) throws IOException {
    EncodedEvent event = spill.peek();
    if (event != null) {
      spill.remove();
    }
    return event;
  }

  private static void assertSame(EncodedEvent actual, EncodedEvent expected) {
    if (expected == null) {
      assertThat(actual).isNull();
      return;
    }
    assertThat(actual.topic()).isEqualTo(expected.topic());
    assertThat(actual.kind()).isEqualTo(expected.kind());
    assertThat(actual.run()).isEqualTo(expected.run());
    assertThat(actual.timestampMillis()).isEqualTo(expected.timestampMillis());
    assertThat(Arrays.equals(actual.key(), expected.key())).isTrue();
    assertThat(Arrays.equals(actual.value(), expected.value())).isTrue();
  }
}
