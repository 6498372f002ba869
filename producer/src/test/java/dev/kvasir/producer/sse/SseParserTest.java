package dev.kvasir.producer.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SseParserTest {

  private static final int LIMIT = 64;

  static Stream<Arguments> streams() {
    return Stream.of(
        stream("one message", "data: a\n\n", "a"),
        stream("no space after the colon", "data:a\n\n", "a"),
        stream("only the first space goes", "data:  a \n\n", " a "),
        stream("two messages", "data: a\n\ndata: b\n\n", "a", "b"),
        stream("carriage returns", "data: a\r\rdata: b\r\r", "a", "b"),
        stream("both line ends", "data: a\r\n\r\ndata: b\r\n\r\n", "a", "b"),
        stream("mixed line ends", "data: a\r\n\ndata: b\n\r\ndata: c\r\n\r", "a", "b", "c"),
        stream("lines of one message", "data: a\ndata: b\ndata:\ndata\n\n", "a\nb\n\n"),
        stream("comments", ": ping\n\n:\ndata: a\n: pong\n\n", "a"),
        stream("other fields", "event: x\nid: 1\nretry: 5\ndata: a\n\n", "a"),
        stream("fields that begin like data", "database: x\ndata-x: y\n\ndata: a\n\n", "a"),
        stream("llama.cpp's error field", "error: {}\n\n", "{}"),
        stream("an empty message", "data:\n\ndata: a\n\n", "", "a"),
        stream("empty lines only", "\n\n\r\n\r\r"),
        stream("no data", "event: x\n\n"),
        stream("a byte order mark", "\uFEFFdata: a\n\n", "a"),
        stream("a byte order mark that is not at the start", "data: a\n\n\uFEFFdata: b\n\n", "a"),
        stream("characters of many bytes", "data: ✓ü𝄞\n\ndata: 漢字\n\n", "✓ü𝄞", "漢字"),
        stream("an end without an empty line", "data: a\n\ndata: b\n", "a", "b"),
        stream("an end within a line", "data: a\n\ndata: b", "a", "b"),
        stream("a line feed within JSON's escapes", "data: {\"a\":\"\\n\"}\n\n", "{\"a\":\"\\n\"}"),
        stream("the end marker", "data: a\n\ndata: [DONE]\n\n", "a", "[DONE]"));
  }

  private static Arguments stream(String name, String bytes, String... messages) {
    return Arguments.of(name, bytes, List.of(messages));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void readsTheMessages(String name, String stream, List<String> messages) {
    assertThat(parse(List.of(stream.getBytes(StandardCharsets.UTF_8)))).isEqualTo(messages);
  }

  @ParameterizedTest(name = "{0}, byte by byte")
  @MethodSource("streams")
  void readsTheMessagesByteByByte(String name, String stream, List<String> messages) {
    List<byte[]> slices = new ArrayList<>();
    for (byte b : stream.getBytes(StandardCharsets.UTF_8)) {
      slices.add(new byte[] {b});
    }

    assertThat(parse(slices)).isEqualTo(messages);
  }

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("seeds", 200));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anySplitGivesTheSameMessages(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] stream = randomStream(random);

    assertThat(parse(split(stream, random))).isEqualTo(parse(List.of(stream)));
  }

  private static byte[] randomStream(SplittableRandom random) {
    String[] pieces = {
      "data: ",
      "data:",
      "data",
      ": ",
      "event: e",
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "x",
      "ü",
      "𝄞",
      " ",
      "\uFEFF",
      "error: ",
      "{\"a\":1}",
      "[DONE]",
      "\n\ndata: longer than one slice is\n\n"
    };
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      stream.append(pieces[random.nextInt(pieces.length)]);
    }
    return stream.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static List<byte[]> split(byte[] stream, SplittableRandom random) {
    List<byte[]> slices = new ArrayList<>();
    int from = 0;
    while (from < stream.length) {
      int to = Math.min(stream.length, from + random.nextInt(12));
      slices.add(Arrays.copyOfRange(stream, from, to));
      from = to;
    }
    return slices;
  }

  @Test
  void aMessageAtTheLimitIsTaken() {
    assertThat(parse(bytes("data: " + "x".repeat(LIMIT - "data: ".length()) + "\n\n"))).hasSize(1);
  }

  static Stream<String> oversize() {
    return Stream.of(
        "data: " + "x".repeat(LIMIT + 1) + "\n\n",
        "data: " + "x".repeat(10 * LIMIT),
        ("data: " + "x".repeat(LIMIT / 2) + "\n").repeat(3) + "\n",
        ": " + "x".repeat(2 * LIMIT));
  }

  @ParameterizedTest
  @MethodSource("oversize")
  void whatExceedsTheLimitFailsOnceAndEndsTheStream(String stream) {
    List<byte[]> slices = new ArrayList<>();
    for (byte b : (stream + "\n\ndata: after\n\n").getBytes(StandardCharsets.UTF_8)) {
      slices.add(new byte[] {b});
    }

    assertThat(parse(slices)).containsExactly("OVERSIZE");
  }

  private static List<byte[]> bytes(String stream) {
    return List.of(stream.getBytes(StandardCharsets.UTF_8));
  }

  /** Parses slices that lie somewhere within larger arrays, as those of socket reads do. */
  private static List<String> parse(List<byte[]> slices) {
    List<String> messages = new ArrayList<>();
    SseParser parser =
        new SseParser(
            LIMIT,
            new SseSink() {
              @Override
              public void message(byte[] bytes, int from, int to) {
                messages.add(new String(bytes, from, to - from, StandardCharsets.UTF_8));
              }

              @Override
              public void oversize(int limitBytes) {
                messages.add("OVERSIZE");
              }
            });
    for (byte[] slice : slices) {
      byte[] read = new byte[slice.length + 7];
      System.arraycopy(slice, 0, read, 3, slice.length);
      parser.feed(read, 3, 3 + slice.length);
      Arrays.fill(read, (byte) '!');
    }
    parser.end();
    return messages;
  }
}
