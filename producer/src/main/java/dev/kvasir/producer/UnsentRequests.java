package dev.kvasir.producer;

import static java.util.Objects.requireNonNull;

import dev.kvasir.event.Phase;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.exchange.EventSink;
import dev.kvasir.producer.exchange.Exchange;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.exchange.Ticket;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.workload.Chains;
import dev.kvasir.time.EpochAnchor;
import java.util.PrimitiveIterator;
import java.util.Set;

/** Ends the measured requests of a run that nobody has sent, so that each has an end. */
final class UnsentRequests {

  private static final int MOST = 100_000;

  private final RunFrame frame;
  private final EpochAnchor anchor;
  private final EventSink events;

  UnsentRequests(RunFrame frame, EpochAnchor anchor, EventSink events) {
    this.frame = frame;
    this.anchor = anchor;
    this.events = events;
  }

  /**
   * Ends every request of a run whose servers cannot take one, as due now and not sent. Where a
   * length of time decides, these are the arrivals, at most 100,000, or the first request of each
   * user.
   */
  void endAll(RunSpec run, Course course, String reason, long now) {
    int ordinal = 0;
    int ofPass = course.endless() ? due(run, course) : course.prompts().size();
    for (int pass = 1; pass <= run.play().passes(); pass++) {
      for (int each = 0; each < ofPass; each++, ordinal++) {
        Ticket ticket = new Ticket(frame, ordinal, Phase.MEASURE, pass, now, course.prompt(each));
        Exchange.due(ticket, events).unsent(now, reason);
      }
    }
  }

  private static int due(RunSpec run, Course course) {
    return switch (run.load()) {
      case LoadPoint.Open _ -> Math.min(requireNonNull(course.schedule()).size(), MOST);
      case LoadPoint.Closed closed -> closed.concurrency();
      case LoadPoint.Bursts bursts -> bursts.size();
    };
  }

  /**
   * Ends what none of several generators has ended, as lost or not sent.
   *
   * @return how many these are
   */
  long endMissing(SharedRun.Result others, Course course, long now) {
    Set<Integer> ended = others.log().ended();
    Set<Integer> inFlight = others.log().inFlight();
    RunFrame above = frame.underEpoch(others.epoch());
    Chains chains = course.chains();
    long zero = anchor.monotonicAt(others.zeroAt());
    PrimitiveIterator.OfLong times = requireNonNull(course.schedule()).dueNanos().iterator();
    long missing = 0;
    for (int chain = 0; times.hasNext(); chain++) {
      long due = zero + times.nextLong();
      if (course.endless() && due > now) {
        break;
      }
      int head = chains.head(chain);
      for (int ordinal = head; ordinal != Chains.NONE; ordinal = chains.next(ordinal), due = now) {
        if (inFlight.contains(ordinal)) {
          events.accept(others.log().lost(ordinal, above, anchor.epochAt(now)));
          missing++;
        } else if (!ended.contains(ordinal) && (ordinal == head || !course.endless())) {
          Ticket ticket = new Ticket(above, ordinal, Phase.MEASURE, 1, due, course.prompt(ordinal));
          Exchange.due(ticket, events).unsent(now, "no generator has sent it to its end");
          missing++;
        }
      }
    }
    return missing;
  }
}
