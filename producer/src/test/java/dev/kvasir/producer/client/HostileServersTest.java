package dev.kvasir.producer.client;

import static dev.kvasir.producer.client.Answers.HEAD;
import static dev.kvasir.producer.client.Answers.LAST_CHUNK;
import static dev.kvasir.producer.client.Answers.chunk;
import static dev.kvasir.producer.client.Answers.ending;
import static dev.kvasir.producer.client.Answers.plain;
import static dev.kvasir.producer.client.Answers.token;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.time.Ticker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server does, its request ends as one recorded outcome. */
class HostileServersTest {

  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Duration HASTY = Duration.ofMillis(300);

  static Stream<Arguments> answers() {
    return Stream.of(
        answer(
            "a 404 with a reason",
            plain(404, "application/json", "{\"detail\":\"Not\\nFound\"}"),
            Outcome.HTTP_ERROR,
            "HTTP 404: {\"detail\":\"Not\\nFound\"}"),
        answer(
            "a 429 without a body", plain(429, "text/plain", ""), Outcome.HTTP_ERROR, "HTTP 429"),
        answer(
            "an HTML error page",
            plain(500, "text/html", "<html>\n <h1>Oops</h1>" + " x".repeat(9000) + "</html>"),
            Outcome.HTTP_ERROR,
            "HTTP 500: <html> <h1>Oops</h1> x x"),
        answer(
            "a JSON error with status 200",
            plain(200, "application/json", "{\"error\":{\"message\":\"no such model\"}}"),
            Outcome.SERVER_ERROR,
            "no such model"),
        answer(
            "a JSON error with status 200 in vLLM's older form",
            plain(200, "application/json", "{\"object\":\"error\",\"message\":\"too long\"}"),
            Outcome.SERVER_ERROR,
            "too long"),
        answer(
            "an answer that was not asked to be whole",
            plain(200, "application/json", "{\"choices\":[{\"text\":\"all of it\"}]}"),
            Outcome.MALFORMED,
            "the answer holds no server-sent event; it begins with: {\"choices\""),
        answer("an empty answer", plain(200, "text/event-stream", ""), Outcome.MALFORMED, "empty"),
        answer(
            "bytes that are no events",
            plain(200, "text/event-stream", "\u0000\u0001 what\nis this\n\n"),
            Outcome.MALFORMED,
            "the answer holds no server-sent event"),
        answer(
            "a stream without content",
            HEAD + chunk(ending(0)) + LAST_CHUNK,
            Outcome.MALFORMED,
            "the answer ended without any content, though the server counts 0 output tokens"),
        answer(
            "an error in mid-stream",
            HEAD
                + chunk(token("a"))
                + chunk("data: {\"error\":{\"message\":\"out of blocks\",\"code\":500}}\n\n"),
            Outcome.SERVER_ERROR,
            "out of blocks"),
        answer(
            "a message that is no JSON",
            HEAD + chunk(token("a")) + chunk("data: {\"choices\":[\n\n"),
            Outcome.MALFORMED,
            "a message is not JSON: {\"choices\":["),
        answer(
            "an end without marker or finish reason",
            HEAD + chunk(token("a")) + LAST_CHUNK,
            Outcome.CLOSED_EARLY,
            "the answer ended after 1 chunks without [DONE] or a finish reason"),
        answer(
            "an aborted request",
            HEAD
                + chunk(token("a"))
                + chunk("data: {\"choices\":[{\"text\":\"\",\"finish_reason\":\"abort\"}]}\n\n")
                + chunk("data: [DONE]\n\n"),
            Outcome.SERVER_ERROR,
            "finish_reason abort"),
        answer(
            "a line that does not end",
            HEAD + chunk(token("a")) + chunk("data: " + "x".repeat(9 << 20)),
            Outcome.MALFORMED,
            "a message exceeds 8388608 bytes"),
        answer(
            "comments without end",
            HEAD + chunk(": ping\n".repeat(200_000)),
            Outcome.MALFORMED,
            "no server-sent event"),
        answer(
            "a header bomb",
            "HTTP/1.1 200 OK\r\n" + ("x-bomb: " + "b".repeat(4000) + "\r\n").repeat(100) + "\r\n",
            Outcome.MALFORMED,
            "header"),
        answer("bytes that are no HTTP", "SSH-2.0-OpenSSH_9.9\r\n\r\n", Outcome.MALFORMED, ""),
        answer(
            "a chunk size that is no number",
            HEAD + "zz\r\n" + token("a") + "\r\n",
            Outcome.MALFORMED,
            ""),
        answer(
            "an encoding that nobody asked for",
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
            Outcome.MALFORMED,
            "the answer is encoded as gzip"));
  }

  private static Arguments answer(String name, String bytes, Outcome outcome, String error) {
    return Arguments.of(name, bytes, outcome, error);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void endsAs(String name, String bytes, Outcome outcome, String error) {
    RequestFinished end = DrivenPhase.one((request, out) -> write(out, bytes), PATIENT).only();

    assertThat(end.getOutcome()).as(name + ": " + end).isEqualTo(outcome);
    assertThat(end.getError()).contains(error);
  }

  @Test
  void gzipWithoutSayingSoIsMalformed() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write((token("a") + ending(1)).getBytes(StandardCharsets.UTF_8));
    }

    RequestFinished end =
        DrivenPhase.one(
                (request, out) -> {
                  write(out, "HTTP/1.1 200 OK\r\ncontent-length: " + zipped.size() + "\r\n\r\n");
                  out.write(zipped.toByteArray());
                },
                PATIENT)
            .only();

    assertThat(end.getOutcome()).isEqualTo(Outcome.MALFORMED);
  }

  @Test
  void aConnectionClosedInMidStreamIsClosedEarlyAndKeepsWhatCame() {
    DrivenPhase phase =
        DrivenPhase.one(
            (request, out) -> {
              write(out, HEAD + chunk(token("a")) + chunk(token("b")));
              out.close();
            },
            PATIENT);

    assertThat(phase.only().getOutcome()).isEqualTo(Outcome.CLOSED_EARLY);
    assertThat(phase.only().getError()).contains("after 2 chunks");
    assertThat(phase.only().getText()).isEqualTo("ab");
    assertThat(phase.tokens()).hasSize(2);
  }

  @Test
  void aConnectionClosedAfterTheFinishReasonEndedWell() {
    RequestFinished end =
        DrivenPhase.one(
                (request, out) -> {
                  String last =
                      "data: {\"choices\":[{\"text\":\"b\",\"finish_reason\":\"stop\"}]}\n\n";
                  write(out, HEAD + chunk(token("a")) + chunk(last));
                  out.close();
                },
                PATIENT)
            .only();

    assertThat(end.getOutcome()).isEqualTo(Outcome.OK);
    assertThat(end.getFinishReason()).isEqualTo("stop");
    assertThat(end.getDoneAt()).isNull();
  }

  @Test
  void aConnectionClosedBeforeTheAnswerIsAFailedConnection() {
    RequestFinished end = DrivenPhase.one((request, out) -> out.close(), PATIENT).only();

    assertThat(end.getOutcome()).isEqualTo(Outcome.CONNECTION_FAILED);
    assertThat(end.getSentAt()).isNotNull();
    assertThat(end.getStatus()).isNull();
  }

  @Test
  void aPortWhereNobodyListensIsAFailedConnectionThatWasNeverSent() {
    ScriptedServer gone = ScriptedServer.start((request, out) -> {});
    gone.close();

    DrivenPhase phase;
    try (LoadClient client = LoadClient.open(Ticker.system())) {
      phase = DrivenPhase.start(client, gone.url(), 1, new Pace.Closed(1), PATIENT);
      phase.await();
    }

    assertThat(phase.only().getOutcome()).isEqualTo(Outcome.CONNECTION_FAILED);
    assertThat(phase.only().getError()).contains("refused");
    assertThat(phase.only().getSentAt()).isNull();
    assertThat(phase.sent()).isEmpty();
  }

  @Test
  void silenceIsATimeout() {
    assertTimeout((request, out) -> new CountDownLatch(1).await(), 0, 0);
  }

  @Test
  void silenceInMidStreamIsATimeout() {
    assertTimeout(
        (request, out) -> {
          write(out, HEAD + chunk(token("a")));
          new CountDownLatch(1).await();
        },
        1,
        1);
  }

  @Test
  void aSlowDripIsATimeout() {
    assertTimeout(
        (request, out) -> {
          write(out, HEAD);
          drip(out);
        },
        0,
        10);
  }

  private static void drip(OutputStream out) throws IOException, InterruptedException {
    while (true) {
      write(out, chunk(":"));
      Thread.sleep(20);
    }
  }

  /**
   * The limit passes once a request has left and brought something.
   *
   * @param chunks chunks of output that come
   * @param pieces pieces of an answer's body that come at least
   */
  private static void assertTimeout(ScriptedServer.Script script, int chunks, int pieces) {
    AtomicLong now = new AtomicLong();
    DrivenPhase phase;
    try (LoadClient client = LoadClient.open(now::get);
        ScriptedServer server = ScriptedServer.start(script)) {
      phase = DrivenPhase.start(client, server.url(), 1, new Pace.Closed(1), HASTY);
      Awaitility.await()
          .atMost(PATIENT)
          .until(() ->
              phase.sent().size() == 1
                  && phase.tokens().size() == chunks
                  && client.health().reads().pieces() >= pieces);
      now.addAndGet(HASTY.toNanos());
      phase.await();
    }

    RequestFinished end = phase.only();
    assertThat(end.getOutcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(end.getChunks()).isEqualTo(chunks);
    assertThat(end.getAt() - end.getSentAt()).isEqualTo(HASTY.toNanos());
  }

  @Test
  void aSecondEndMarkerAndWhatFollowsItAreIgnored() {
    DrivenPhase phase =
        DrivenPhase.one(
            (request, out) ->
                write(
                    out,
                    HEAD
                        + chunk(token("a") + ending(1))
                        + chunk("data: [DONE]\n\n" + token("late"))
                        + LAST_CHUNK),
            PATIENT);

    assertThat(phase.only().getOutcome()).isEqualTo(Outcome.OK);
    assertThat(phase.tokens()).hasSize(1);
  }

  @Test
  void splitCharactersAndCarriageReturnsChangeNothing() {
    byte[] stream =
        (token("Grüße ✓") + ending(1)).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);

    DrivenPhase phase =
        DrivenPhase.one(
            (request, out) -> {
              write(out, HEAD);
              for (byte b : stream) {
                out.write(new byte[] {'1', '\r', '\n', b, '\r', '\n'});
                out.flush();
              }
              write(out, LAST_CHUNK);
            },
            PATIENT);

    assertThat(phase.only().getOutcome()).isEqualTo(Outcome.OK);
    assertThat(phase.only().getText()).isEqualTo("Grüße ✓");
  }
}
