package dev.kvasir.producer.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes a server sends, each request ends as one recorded outcome. */
class HostileCorpusTest {

  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration HASTY = Duration.ofMillis(300);
  private static final int REQUESTS_PER_SEED = 24;

  static List<HostileAnswer> corpus() {
    return HostileAnswer.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corpus")
  void anAnswerEndsAsTheCorpusSays(HostileAnswer answer) {
    Duration limit = answer.outcome().equals("TIMEOUT") ? HASTY : PATIENT;

    RequestFinished end = DrivenPhase.one(answer, limit).only();

    if (!answer.outcome().equals("*")) {
      assertThat(end.getOutcome()).as(end.toString()).isEqualTo(Outcome.valueOf(answer.outcome()));
    }
    assertThat(String.valueOf(end.getError())).contains(answer.error());
    assertThat(end.getError() == null).isEqualTo(end.getOutcome() == Outcome.OK);
  }

  @Test
  void everyFileOfTheCorpusIsUsed() {
    assertThat(corpus())
        .extracting(HostileAnswer::name)
        .containsExactlyInAnyOrderElementsOf(HostileAnswer.files());
  }

  @Test
  void whatAServerSendsWithoutEndIsCutOff() {
    AtomicLong sent = new AtomicLong();
    byte[] line = "x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);

    RequestFinished end =
        DrivenPhase.one(
                (request, out) -> {
                  Answers.write(out, "HTTP/1.1 200 OK\r\n\r\ndata: ");
                  while (sent.get() < 1L << 30) {
                    out.write(line);
                    sent.addAndGet(line.length);
                  }
                },
                PATIENT)
            .only();

    assertThat(end.getOutcome()).isEqualTo(Outcome.MALFORMED);
    assertThat(sent).hasValueLessThan(64L << 20);
  }

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("seeds", 3));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void mutilatedAnswersEndOnceAndDisturbNoOther(long seed) {
    Mutilation mutilation = new Mutilation(seed, corpus());
    try (LoadClient client = LoadClient.open(Ticker.system());
        ScriptedServer server = ScriptedServer.start(mutilation)) {
      DrivenPhase phase =
          DrivenPhase.start(
              client, server.url(), REQUESTS_PER_SEED, new Pace.Closed(8), Duration.ofSeconds(1));
      phase.await();

      Map<Integer, RequestFinished> ends =
          phase.finished().stream()
              .collect(Collectors.toMap(RequestFinished::getOrdinal, Function.identity()));
      assertThat(ends).as("seed " + seed).hasSize(REQUESTS_PER_SEED);
      assertThat(IntStream.range(0, REQUESTS_PER_SEED).filter(Mutilation::isSpared))
          .as("seed " + seed)
          .allSatisfy(ordinal ->
              assertThat(ends.get(ordinal).getOutcome()).isIn(Outcome.OK, Outcome.TIMEOUT));
      Awaitility.await("a tick of the loop's canary")
          .atMost(PATIENT)
          .until(() -> client.health().takeLoopLag().getTotalCount() > 0);
    }
  }

  /** Answers of the corpus, cut, doubled, spliced and sent in pieces. */
  private static final class Mutilation implements ScriptedServer.Script {

    private static final int LARGEST = 1 << 20;

    private final long seed;
    private final List<HostileAnswer> corpus;

    Mutilation(long seed, List<HostileAnswer> corpus) {
      this.seed = seed;
      this.corpus = corpus;
    }

    /** Every third answer is a good one. */
    static boolean isSpared(int ordinal) {
      return ordinal % 3 == 0;
    }

    @Override
    public void answer(ScriptedServer.Request request, OutputStream out)
        throws IOException, InterruptedException {
      String id = request.header("x-request-id");
      int ordinal = Integer.parseInt(id.substring(id.indexOf('/') + 1));
      if (isSpared(ordinal)) {
        Answers.write(out, Answers.good(5));
        return;
      }
      SplittableRandom random = new SplittableRandom(seed * 1_000 + ordinal);
      byte[] bytes = picked(random);
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes = mutilated(bytes, random);
      }
      for (int at = 0; at < bytes.length; ) {
        int length = Math.min(bytes.length - at, 1 + random.nextInt(1 << random.nextInt(1, 20)));
        out.write(bytes, at, length);
        out.flush();
        at += length;
      }
      if (random.nextInt(8) > 0) {
        out.close();
      }
    }

    private byte[] picked(SplittableRandom random) {
      byte[] bytes = corpus.get(random.nextInt(corpus.size())).bytes();
      return bytes.length > LARGEST ? Arrays.copyOf(bytes, LARGEST) : bytes;
    }

    private byte[] mutilated(byte[] bytes, SplittableRandom random) {
      int from = random.nextInt(bytes.length + 1);
      int to = from + random.nextInt(Math.min(64, bytes.length - from) + 1);
      byte[] other = picked(random);
      byte[] noise = new byte[random.nextInt(64)];
      random.nextBytes(noise);
      return switch (random.nextInt(6)) {
        case 0 -> joined(bytes, 0, from, bytes, to, bytes.length);
        case 1 -> joined(bytes, 0, to, bytes, from, bytes.length);
        case 2 -> Arrays.copyOf(bytes, from);
        case 3 -> joined(bytes, 0, from, other, random.nextInt(other.length + 1), other.length);
        case 4 ->
            joined(
                joined(bytes, 0, from, noise, 0, noise.length),
                0,
                from + noise.length,
                bytes,
                to,
                bytes.length);
        default -> flipped(bytes, from, random);
      };
    }

    private static byte[] flipped(byte[] bytes, int at, SplittableRandom random) {
      byte[] copy = bytes.clone();
      if (at < copy.length) {
        copy[at] ^= (byte) (1 << random.nextInt(8));
      }
      return copy;
    }

    private static byte[] joined(
        byte[] first, int firstFrom, int firstTo, byte[] second, int secondFrom, int secondTo) {
      byte[] both = Arrays.copyOfRange(first, firstFrom, firstTo + secondTo - secondFrom);
      System.arraycopy(second, secondFrom, both, firstTo - firstFrom, secondTo - secondFrom);
      return both;
    }
  }
}
