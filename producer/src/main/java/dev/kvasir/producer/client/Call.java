package dev.kvasir.producer.client;

import dev.kvasir.producer.exchange.Answering;
import dev.kvasir.producer.exchange.Due;
import dev.kvasir.producer.exchange.Exchange;
import dev.kvasir.producer.exchange.Refused;
import dev.kvasir.producer.exchange.Sent;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request over its connection. Owned by the loop's thread.
 *
 * <p>A request that went out on a connection which had served before, and was closed without a byte
 * of an answer, is sent again on another one: some servers close a connection that they promised to
 * keep. It keeps the time at which it was first sent.
 */
final class Call {

  /** Takes the end of a call, once. */
  interface Ending {

    void ended(Call call, Exchange.Ended end);
  }

  private static final int MOST_RESENDS = 5;

  private final Loop loop;
  private final Ending ending;
  private final String requestId;
  private final long timeoutNanos;
  private Exchange state;
  private long deadlineNanos;
  private boolean closed;
  private @Nullable ScheduledFuture<?> timer;
  private @Nullable HttpClientRequest request;

  /** What would be sent again; null once an answer has begun. */
  private @Nullable Unanswered unanswered;

  private int resends;

  /**
   * A request that has left.
   *
   * @param reads reads of its connection
   * @param before number of the last read before it left; 0 on a new connection
   */
  private record Unanswered(PhaseLoad load, Buffer body, ReadStamps reads, int before) {

    boolean diedOfOldAge() {
      return before > 0 && reads.batch() == before;
    }
  }

  Call(Loop loop, Due due, String requestId, long timeoutNanos, Ending ending) {
    this.loop = loop;
    this.state = due;
    this.requestId = requestId;
    this.timeoutNanos = timeoutNanos;
    this.ending = ending;
  }

  void start(PhaseLoad load, byte[] body) {
    deadline(loop.nanos());
    connect(load, Buffer.buffer(body));
  }

  private void connect(PhaseLoad load, Buffer body) {
    loop.request(load.endpoint())
        .onComplete(made -> {
          if (made.failed()) {
            failed(made.cause());
            return;
          }
          connected(made.result(), load, body);
        });
  }

  void abort() {
    if (state instanceof Exchange.Open open) {
      end(open.aborted(loop.nanos()));
      reset();
    }
  }

  private void connected(HttpClientRequest made, PhaseLoad load, Buffer body) {
    request = made;
    if (!(state instanceof Due) && !(state instanceof Sent)) {
      made.reset();
      return;
    }
    ReadStamps stamps = ReadStamps.of(made.connection());
    load.headers().forEach(made::putHeader);
    made.putHeader("content-type", "application/json");
    made.putHeader("accept", "text/event-stream");
    made.putHeader("x-request-id", requestId);
    made.exceptionHandler(failure -> broke(made, failure));
    made.response()
        .onComplete(answer -> {
          if (answer.failed()) {
            broke(made, answer.cause());
            return;
          }
          answered(answer.result(), stamps);
        });
    if (state instanceof Due due) {
      long now = loop.nanos();
      state = due.sent(now);
      deadlineNanos = now + timeoutNanos;
    }
    unanswered = new Unanswered(load, body, stamps, stamps.batch());
    made.end(body);
  }

  /** The connection of a request failed before its answer began. */
  private void broke(HttpClientRequest made, Throwable cause) {
    if (made != request) {
      return;
    }
    Unanswered lost = unanswered;
    if (lost == null
        || !(state instanceof Sent)
        || !lost.diedOfOldAge()
        || Failures.isMalformed(cause)
        || resends == MOST_RESENDS) {
      failed(cause);
      return;
    }
    resends++;
    request = null;
    connect(lost.load(), lost.body());
  }

  private void answered(HttpClientResponse response, ReadStamps reads) {
    if (!(state instanceof Sent sent)) {
      return;
    }
    unanswered = null;
    int status = response.statusCode();
    response.exceptionHandler(this::failed);
    response.handler(bytes -> received(((BufferInternal) bytes).getByteBuf(), reads));
    response.endHandler(end -> closed(reads));
    reads.body().open(bytes -> received(bytes, reads));
    state =
        status / 100 == 2
            ? sent.answered(status, reads.nanos())
            : sent.refused(status, reads.nanos());
    String encoding = response.getHeader("content-encoding");
    if (encoding != null
        && !encoding.equalsIgnoreCase("identity")
        && state instanceof Answering answering) {
      settle(
          answering.malformed(
              reads.nanos(), "the answer is encoded as " + encoding + ", which nobody asked for"));
    }
  }

  private void received(ByteBuf bytes, ReadStamps reads) {
    loop.reads().piece();
    int length = bytes.readableBytes();
    if (!bytes.hasArray()) {
      byte[] copy = loop.scratch(length);
      bytes.getBytes(bytes.readerIndex(), copy, 0, length);
      received(copy, 0, length, reads);
      return;
    }
    int from = bytes.arrayOffset() + bytes.readerIndex();
    received(bytes.array(), from, from + length, reads);
  }

  private void received(byte[] bytes, int from, int to, ReadStamps reads) {
    settle(
        switch (state) {
          case Answering now -> now.received(bytes, from, to, reads.nanos(), reads.batch());
          case Refused now -> now.received(bytes, from, to, reads.nanos());
          case Due now -> now;
          case Sent now -> now;
          case Exchange.Ended now -> now;
        });
  }

  private void closed(ReadStamps reads) {
    closed = true;
    reads.body().close();
    settle(
        switch (state) {
          case Answering now -> now.closed(reads.nanos());
          case Refused now -> now.closed(reads.nanos());
          case Due now -> now;
          case Sent now -> now;
          case Exchange.Ended now -> now;
        });
    cancelTimer();
  }

  private void failed(Throwable cause) {
    closed = true;
    if (state instanceof Exchange.Open open) {
      long now = loop.nanos();
      settle(
          Failures.isMalformed(cause)
              ? open.malformed(now, Failures.text(cause))
              : open.lost(now, Failures.text(cause)));
      reset();
    }
    cancelTimer();
  }

  /** Goes to the next state; an answer that ended well is read to its end, any other is cut. */
  private void settle(Exchange next) {
    if (state instanceof Exchange.Ended) {
      return;
    }
    if (!(next instanceof Exchange.Ended end)) {
      state = next;
      return;
    }
    end(end);
    if (!closed && end.event().getDoneAt() == null) {
      reset();
    }
  }

  private void end(Exchange.Ended end) {
    state = end;
    ending.ended(this, end);
  }

  private void deadline(long from) {
    deadlineNanos = from + timeoutNanos;
    timer = loop.schedule(this::late, timeoutNanos);
  }

  private void late() {
    long left = deadlineNanos - loop.nanos();
    if (left > TimeUnit.MICROSECONDS.toNanos(1) && state instanceof Exchange.Open) {
      timer = loop.schedule(this::late, left);
      return;
    }
    if (state instanceof Exchange.Open open) {
      end(open.timedOut(loop.nanos()));
    }
    reset();
  }

  private void reset() {
    cancelTimer();
    if (request != null) {
      request.reset();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel(false);
    }
  }
}
