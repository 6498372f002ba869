package dev.kvasir.producer.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.exchange.Exchange.Ended;
import dev.kvasir.producer.plan.Protocol;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExchangeTest {

  private static final long EPOCH = 1_700_000_000_000_000_000L;
  private static final long DUE = 1_000;
  private static final long SENT = 1_100;

  private final List<SpecificRecord> events = new ArrayList<>();

  @Test
  void aGoodAnswerIsTimedByItsReads() {
    Answering answering = answering();
    answering.received(bytes(chunk("")), 0, chunk("").length(), 1_300, 1);
    feed(answering, chunk("Hel"), 1_400, 2);
    feed(answering, chunk("lo"), 1_450, 3);
    feed(answering, finish("length") + usage(12, 2, 8), 1_460, 4);

    RequestFinished end = ended(feed(answering, "data: [DONE]\n\n", 1_470, 5)).event();

    assertThat(end.getOutcome()).isEqualTo(Outcome.OK);
    assertThat(end.getError()).isNull();
    assertThat(end.getDueAt()).isEqualTo(EPOCH + DUE);
    assertThat(end.getSentAt()).isEqualTo(EPOCH + SENT);
    assertThat(end.getHeadersAt()).isEqualTo(EPOCH + 1_200);
    assertThat(end.getFirstChunkAt()).isEqualTo(EPOCH + 1_300);
    assertThat(end.getFirstContentAt()).isEqualTo(EPOCH + 1_400);
    assertThat(end.getLastContentAt()).isEqualTo(EPOCH + 1_450);
    assertThat(end.getDoneAt()).isEqualTo(EPOCH + 1_470);
    assertThat(end.getAt()).isEqualTo(EPOCH + 1_470);
    assertThat(end.getInputTokens()).isEqualTo(12);
    assertThat(end.getOutputTokens()).isEqualTo(2);
    assertThat(end.getCachedTokens()).isEqualTo(8);
    assertThat(end.getChunks()).isEqualTo(2);
    assertThat(end.getFinishReason()).isEqualTo("length");
    assertThat(end.getStatus()).isEqualTo(200);
    assertThat(end.getOutputHash()).isEqualTo(sha256("Hello"));
    assertThat(end.getTtftSloNanos()).isEqualTo(5);
    assertThat(end.getTpotSloNanos()).isEqualTo(6);
    assertThat(end.getTimeoutNanos()).isEqualTo(7);
  }

  @Test
  void aRequestThatLeftSaysWhenItWasDue() {
    answering();

    RequestSent sent = (RequestSent) events.getFirst();

    assertThat(sent.getAt()).isEqualTo(EPOCH + SENT);
    assertThat(sent.getDueAt()).isEqualTo(EPOCH + DUE);
    assertThat(sent.getPromptTokens()).isEqualTo(3);
    assertThat(sent.getPrefixGroup()).isEqualTo(2);
  }

  @Test
  void contentChunksCarryTheirReadAndTheirGap() {
    Answering answering = answering();
    feed(answering, chunk("a") + chunk("b"), 1_400, 9);
    feed(answering, chunk("c"), 1_500, 10);

    assertThat(tokens())
        .containsExactly(
            new TokenReceived(1L, 4, 0, EPOCH + 1_400, null, null, 1_400 - DUE, 1_400 - SENT, 9, 1),
            new TokenReceived(1L, 4, 1, EPOCH + 1_400, null, 0L, null, null, 9, 1),
            new TokenReceived(1L, 4, 2, EPOCH + 1_500, null, 100L, null, null, 10, 1));
  }

  @Test
  void tokensOfAChunkAreTheGrowthOfTheServersCount() {
    Answering answering = answering();
    feed(answering, counted("a", 1) + counted("", 2) + counted("bc", 4), 1_400, 1);

    assertThat(tokens()).extracting(TokenReceived::getTokens).containsExactly(1, 3);
  }

  @Test
  void tokensOfChunksAreUnknownWhenOnlyTheLastOneIsCounted() {
    Answering answering = answering();
    feed(answering, chunk("a") + chunk("b") + counted("c", 3), 1_400, 1);

    assertThat(tokens()).extracting(TokenReceived::getTokens).containsOnlyNulls();
  }

  @Test
  void reasoningIsOutputAndFlagged() {
    Answering answering = answering();
    feed(answering, delta("\"role\":\"assistant\",\"content\":\"\""), 1_300, 1);
    feed(answering, delta("\"reasoning_content\":\"hm\""), 1_400, 2);
    feed(answering, delta("\"reasoning\":\"so\""), 1_500, 3);
    feed(answering, delta("\"content\":\"yes\""), 1_600, 4);
    RequestFinished end =
        ended(feed(answering, finish("stop") + "data: [DONE]\n\n", 1_700, 5)).event();

    assertThat(tokens()).extracting(TokenReceived::getFlags).containsExactly(5, 5, 1);
    assertThat(end.getFirstChunkAt()).isEqualTo(EPOCH + 1_300);
    assertThat(end.getFirstContentAt()).isEqualTo(EPOCH + 1_400);
    assertThat(end.getOutputHash()).isEqualTo(sha256("hmsoyes"));
  }

  @Test
  void aFieldErrorThatIsNullIsNoError() {
    Answering answering = answering();

    Exchange next =
        feed(answering, "data: {\"error\":null,\"choices\":[{\"text\":\"a\"}]}\n\n", 1_400, 1);

    assertThat(next).isSameAs(answering);
    assertThat(tokens()).hasSize(1);
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        end("due, then never sent", t -> t.due().unsent(2_000, "why"), Outcome.NOT_SENT, "why"),
        end("due, then stopped", t -> t.due().aborted(2_000), Outcome.NOT_SENT, "stopped"),
        end(
            "due, then no connection",
            t -> t.due().lost(2_000, "refused"),
            Outcome.CONNECTION_FAILED,
            "refused"),
        end("due, then late", t -> t.due().timedOut(2_000), Outcome.TIMEOUT, "no connection"),
        end(
            "sent, then lost",
            t -> t.sent().lost(2_000, "gone"),
            Outcome.CONNECTION_FAILED,
            "gone"),
        end("sent, then late", t -> t.sent().timedOut(2_000), Outcome.TIMEOUT, "no answer"),
        end("sent, then stopped", t -> t.sent().aborted(2_000), Outcome.ABORTED, "stopped"),
        end("sent, then nonsense", t -> t.sent().malformed(2_000, "no"), Outcome.MALFORMED, "no"),
        end(
            "refused, then ended",
            t -> t.sent().refused(503, 1_200).closed(2_000),
            Outcome.HTTP_ERROR,
            "HTTP 503"),
        end(
            "refused, then lost",
            t -> t.sent().refused(503, 1_200).lost(2_000, "gone"),
            Outcome.HTTP_ERROR,
            "HTTP 503 (gone)"),
        end(
            "refused, then late",
            t -> t.sent().refused(429, 1_200).timedOut(2_000),
            Outcome.HTTP_ERROR,
            "HTTP 429"),
        end(
            "answering, then ended empty",
            t -> t.answering().closed(2_000),
            Outcome.MALFORMED,
            "the answer is empty"),
        end(
            "answering, then lost",
            t -> t.answering("data: {\"choices\":[{\"text\":\"a\"}]}\n\n").lost(2_000, "gone"),
            Outcome.CLOSED_EARLY,
            "gone after 1 chunks"),
        end(
            "answering, then late",
            t -> t.answering().timedOut(2_000),
            Outcome.TIMEOUT,
            "did not end"),
        end(
            "answering, then stopped",
            t -> t.answering().aborted(2_000),
            Outcome.ABORTED,
            "stopped"),
        end(
            "answering, then ended after a finish reason",
            t -> t.answering(chunk("a") + finish("stop")).closed(2_000),
            Outcome.OK,
            null),
        end(
            "answering, then ended in the middle",
            t -> t.answering(chunk("a")).closed(2_000),
            Outcome.CLOSED_EARLY,
            "without [DONE]"),
        end(
            "answering, then an unfinished message",
            t -> t.answering(chunk("a") + "data: {\"choi").closed(2_000),
            Outcome.MALFORMED,
            "not JSON"));
  }

  private static Arguments end(
      String name, Function<ExchangeTest, Exchange> end, Outcome outcome, String error) {
    return Arguments.of(name, end, outcome, error);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("ends")
  void endsOnce(String name, Function<ExchangeTest, Exchange> end, Outcome outcome, String error) {
    Ended ended = ended(end.apply(this));

    assertThat(ended.outcome()).isEqualTo(outcome);
    assertThat(ended.event().getAt()).isEqualTo(EPOCH + 2_000);
    assertThat(ended.event().getDueAt()).isEqualTo(EPOCH + DUE);
    if (error == null) {
      assertThat(ended.event().getError()).isNull();
    } else {
      assertThat(ended.event().getError()).contains(error);
    }
    assertThat(events).filteredOn(RequestFinished.class::isInstance).containsExactly(ended.event());
  }

  private Due due() {
    RunFrame frame =
        new RunFrame(
            1, new EpochAnchor(EPOCH, 0, 0), Dialect.of(Protocol.OPENAI_CHAT), 5L, 6L, 7, false);
    Prompt prompt = new Prompt(List.of(new Message("user", "hi")), 3, 8, null, null, 2);
    return Exchange.due(new Ticket(frame, 4, Phase.MEASURE, 1, DUE, prompt), events::add);
  }

  private Sent sent() {
    return due().sent(SENT);
  }

  private Answering answering() {
    return sent().answered(200, 1_200);
  }

  private Answering answering(String stream) {
    Answering answering = answering();
    assertThat(feed(answering, stream, 1_300, 1)).isSameAs(answering);
    return answering;
  }

  private static Exchange feed(Answering answering, String stream, long at, int batch) {
    byte[] bytes = bytes(stream);
    return answering.received(bytes, 0, bytes.length, at, batch);
  }

  private static Ended ended(Exchange exchange) {
    assertThat(exchange).isInstanceOf(Ended.class);
    return (Ended) exchange;
  }

  private List<TokenReceived> tokens() {
    return events.stream()
        .filter(TokenReceived.class::isInstance)
        .map(TokenReceived.class::cast)
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String chunk(String text) {
    return "data: {\"choices\":[{\"text\":\"" + text + "\"}]}\n\n";
  }

  private static String counted(String text, int tokens) {
    return "data: {\"choices\":[{\"text\":\"%s\"}],\"usage\":{\"completion_tokens\":%d}}\n\n"
        .formatted(text, tokens);
  }

  private static String delta(String fields) {
    return "data: {\"choices\":[{\"index\":0,\"delta\":{" + fields + "}}]}\n\n";
  }

  private static String finish(String reason) {
    return "data: {\"choices\":[{\"text\":\"\",\"finish_reason\":\"" + reason + "\"}]}\n\n";
  }

  private static String usage(int prompt, int output, int cached) {
    return """
    data: {"choices":[],"usage":{"prompt_tokens":%d,"completion_tokens":%d,\
    "prompt_tokens_details":{"cached_tokens":%d}}}

    """
        .formatted(prompt, output, cached);
  }

  private static long sha256(String text) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes(text))).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
