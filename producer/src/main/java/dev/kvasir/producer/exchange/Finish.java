package dev.kvasir.producer.exchange;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a request's end, as it is learnt; times are monotonic nanoseconds. */
final class Finish {

  private final Ticket ticket;
  private final EventSink events;

  @Nullable Integer status;
  @Nullable Long sentNanos;
  @Nullable Long headersNanos;
  @Nullable Long firstChunkNanos;
  @Nullable Long firstContentNanos;
  @Nullable Long lastContentNanos;
  @Nullable Long doneNanos;
  @Nullable Integer inputTokens;
  @Nullable Integer outputTokens;
  @Nullable Integer cachedTokens;
  Map<String, Integer> cachedByTier = Map.of();
  @Nullable String finishReason;
  @Nullable Long outputHash;
  @Nullable String text;
  int chunks;

  Finish(Ticket ticket, EventSink events) {
    this.ticket = ticket;
    this.events = events;
  }

  Exchange.Ended end(long atNanos, Outcome outcome, @Nullable String error) {
    RunFrame frame = ticket.frame();
    RequestFinished event =
        RequestFinished.newBuilder()
            .setRun(frame.run())
            .setOrdinal(ticket.ordinal())
            .setAt(frame.anchor().epochAt(atNanos))
            .setOutcome(outcome)
            .setStatus(status)
            .setError(frame.secrets().hide(error))
            .setDueAt(frame.anchor().epochAt(ticket.dueNanos()))
            .setSentAt(epoch(sentNanos))
            .setHeadersAt(epoch(headersNanos))
            .setFirstChunkAt(epoch(firstChunkNanos))
            .setFirstContentAt(epoch(firstContentNanos))
            .setLastContentAt(epoch(lastContentNanos))
            .setDoneAt(epoch(doneNanos))
            .setInputTokens(inputTokens)
            .setOutputTokens(outputTokens)
            .setCachedTokens(cachedTokens)
            .setCachedByTier(cachedByTier)
            .setChunks(chunks)
            .setFinishReason(frame.secrets().hide(finishReason))
            .setOutputHash(outputHash)
            .setPhase(ticket.phase())
            .setPass(ticket.pass())
            .setTtftSloNanos(frame.ttftSloNanos())
            .setTpotSloNanos(frame.tpotSloNanos())
            .setTimeoutNanos(frame.timeoutNanos())
            .setEpoch(frame.epoch())
            .setText(frame.secrets().hide(text))
            .build();
    events.accept(event);
    return new Exchange.Ended(event);
  }

  private @Nullable Long epoch(@Nullable Long nanos) {
    return nanos == null ? null : ticket.frame().anchor().epochAt(nanos);
  }
}
