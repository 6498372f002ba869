package dev.kvasir.producer.exchange;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.metric.TokenMetrics;
import dev.kvasir.producer.exchange.Message.Chunk;
import dev.kvasir.producer.exchange.Message.Usage;
import dev.kvasir.producer.sse.SseParser;
import dev.kvasir.producer.sse.SseSink;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request whose answer streams in.
 *
 * <p>It ends well at the stream's end marker, or when the answer ends after a finish reason. An
 * answer without any content has not ended well, whatever it says: a server that fails fast must
 * not look like a fast server.
 *
 * <p>A chunk's tokens are the growth of the server's count since the previous content chunk where
 * the server has counted along from the first one ({@code continuous_usage_stats}, or a protocol
 * that always does), and null, unknown, where it has not: a count that only comes at the end says
 * nothing about single chunks.
 */
public final class Answering implements Exchange.Open {

  private static final int MAX_MESSAGE_BYTES = 8 << 20;
  private static final int MAX_BYTES_WITHOUT_MESSAGE = 1 << 20;
  private static final int REASONING_FLAG = 4;
  private static final Set<String> FAILURES = Set.of("abort", "error");

  private final Ticket ticket;
  private final EventSink events;
  private final Finish finish;
  private final long sentNanos;
  private final int phaseFlags;
  private final SseParser parser;
  private final OutputText output;
  private final MessageReader reader;

  /** What came before the first message; null from then on. */
  private @Nullable Head head = new Head();

  private long bytesWithoutMessage;
  private int countedTokens;
  private boolean countsAlong = true;
  private long readNanos;
  private int readBatch;
  private Exchange.@Nullable Ended ended;

  Answering(Ticket ticket, EventSink events, Finish finish, long sentNanos) {
    this.ticket = ticket;
    this.events = events;
    this.finish = finish;
    this.sentNanos = sentNanos;
    this.phaseFlags = TokenMetrics.flags(ticket.phase(), false, ticket.frame().epoch());
    this.parser = new SseParser(MAX_MESSAGE_BYTES, new Messages());
    this.output = new OutputText(ticket.frame().recordText());
    this.reader = ticket.frame().dialect().answer();
  }

  /**
   * Takes bytes of the answer's body.
   *
   * @param atNanos when the socket read that brought them was made
   * @param batch number of that read on its connection
   */
  public Exchange received(byte[] bytes, int from, int to, long atNanos, int batch) {
    readNanos = atNanos;
    readBatch = batch;
    if (head != null) {
      head.add(bytes, from, to);
      bytesWithoutMessage += to - from;
    }
    parser.feed(bytes, from, to);
    if (ended == null && head != null && bytesWithoutMessage > MAX_BYTES_WITHOUT_MESSAGE) {
      return malformed(atNanos, noEvents(head));
    }
    return ended == null ? this : ended;
  }

  /** The answer came to its end. */
  public Exchange.Ended closed(long atNanos) {
    readNanos = atNanos;
    parser.end();
    if (ended != null) {
      return ended;
    }
    return head == null ? conclude(atNanos, "the answer ended") : withoutMessages(atNanos, head);
  }

  @Override
  public Exchange.Ended timedOut(long atNanos) {
    return end(atNanos, Outcome.TIMEOUT, "the answer did not end within the time limit");
  }

  @Override
  public Exchange.Ended aborted(long atNanos) {
    return end(atNanos, Outcome.ABORTED, "the run was stopped");
  }

  @Override
  public Exchange.Ended lost(long atNanos, String reason) {
    return finish.finishReason == null
        ? end(atNanos, Outcome.CLOSED_EARLY, reason + " after " + finish.chunks + " chunks")
        : conclude(atNanos, reason);
  }

  @Override
  public Exchange.Ended malformed(long atNanos, String reason) {
    return end(atNanos, Outcome.MALFORMED, reason);
  }

  private Exchange.Ended withoutMessages(long atNanos, Head body) {
    if (body.isEmpty()) {
      return malformed(atNanos, "the answer is empty");
    }
    if (body.readBy(reader) instanceof Message.ServerError failure) {
      return end(atNanos, Outcome.SERVER_ERROR, failure.text());
    }
    return malformed(atNanos, noEvents(body));
  }

  private static String noEvents(Head body) {
    return "the answer holds no server-sent event; it begins with: " + body.excerpt();
  }

  private Exchange.Ended conclude(long atNanos, String how) {
    String reason = finish.finishReason;
    if (reason != null && FAILURES.contains(reason)) {
      return end(atNanos, Outcome.SERVER_ERROR, "the server stopped with finish_reason " + reason);
    }
    if (finish.chunks == 0) {
      return malformed(atNanos, "the answer ended without any content" + counted());
    }
    if (reason == null && finish.doneNanos == null) {
      return end(
          atNanos,
          Outcome.CLOSED_EARLY,
          how + " after " + finish.chunks + " chunks without [DONE] or a finish reason");
    }
    return end(atNanos, Outcome.OK, null);
  }

  private String counted() {
    return finish.outputTokens == null
        ? ""
        : ", though the server counts " + finish.outputTokens + " output tokens";
  }

  private Exchange.Ended end(long atNanos, Outcome outcome, @Nullable String error) {
    if (finish.chunks > 0) {
      finish.outputHash = output.hash();
      finish.text = output.text();
    }
    return finish.end(atNanos, outcome, error);
  }

  private void chunk(Chunk chunk) {
    if (chunk.choices() && finish.firstChunkNanos == null) {
      finish.firstChunkNanos = readNanos;
    }
    if (chunk.finishReason() != null) {
      finish.finishReason = chunk.finishReason();
    }
    usage(chunk.usage());
    if (chunk.hasOutput()) {
      content(chunk);
    }
    if (chunk.last()) {
      done();
    }
  }

  private void done() {
    finish.doneNanos = readNanos;
    ended = conclude(readNanos, "the answer ended");
  }

  private void usage(@Nullable Usage usage) {
    if (usage == null) {
      return;
    }
    finish.inputTokens = known(usage.promptTokens(), finish.inputTokens);
    finish.outputTokens = known(usage.outputTokens(), finish.outputTokens);
    finish.cachedTokens = known(usage.cachedTokens(), finish.cachedTokens);
    if (!usage.cachedByTier().isEmpty()) {
      finish.cachedByTier = usage.cachedByTier();
    }
  }

  private static @Nullable Integer known(@Nullable Integer now, @Nullable Integer before) {
    return now == null ? before : now;
  }

  private void content(Chunk chunk) {
    output.add(chunk.reasoning());
    output.add(chunk.content());
    Long previous = finish.lastContentNanos;
    boolean first = previous == null;
    int flags = phaseFlags | (chunk.content().isEmpty() ? REASONING_FLAG : 0);
    events.accept(
        new TokenReceived(
            ticket.frame().run(),
            ticket.ordinal(),
            finish.chunks,
            ticket.frame().anchor().epochAt(readNanos),
            tokens(chunk.usage()),
            previous == null ? null : (Long) (readNanos - previous),
            first ? (Long) (readNanos - ticket.dueNanos()) : null,
            first ? (Long) (readNanos - sentNanos) : null,
            readBatch,
            flags));
    if (first) {
      finish.firstContentNanos = readNanos;
    }
    finish.lastContentNanos = readNanos;
    finish.chunks++;
  }

  private @Nullable Integer tokens(@Nullable Usage usage) {
    Integer counted = usage == null ? null : usage.outputTokens();
    countsAlong &= counted != null;
    if (!countsAlong || counted == null) {
      return null;
    }
    int grown = counted - countedTokens;
    countedTokens = counted;
    return grown < 0 ? null : (Integer) grown;
  }

  /** Takes the messages of one answer until it has ended. */
  private final class Messages implements SseSink {

    @Override
    public void message(byte[] bytes, int from, int to) {
      if (ended != null || from == to) {
        return;
      }
      head = null;
      switch (reader.read(bytes, from, to)) {
        case Chunk chunk -> chunk(chunk);
        case Message.ServerError failure ->
            ended = end(readNanos, Outcome.SERVER_ERROR, failure.text());
        case Message.Unreadable unreadable -> ended = malformed(readNanos, unreadable.reason());
        case Message.Done() -> done();
      }
    }

    @Override
    public void oversize(int limitBytes) {
      if (ended == null) {
        ended = malformed(readNanos, "a message exceeds " + limitBytes + " bytes");
      }
    }
  }
}
