package dev.kvasir.producer.shard;

import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.ShardFinished;
import dev.kvasir.event.ShardOffered;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.Pace;
import dev.kvasir.producer.client.PhaseLoad;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.publish.EventPublisher;
import dev.kvasir.producer.sampling.ClientSampler;
import dev.kvasir.producer.sampling.SamplerSettings;
import dev.kvasir.producer.workload.Prompt;
import dev.kvasir.time.EpochAnchor;
import dev.kvasir.time.Ticker;
import dev.kvasir.time.WallClock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard that this generator sends. A thread of its own runs it; what is sent, sampled and counted
 * belongs to its epoch. Once fenced, it says nothing more.
 */
final class HeldShard implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(HeldShard.class);
  private static final Duration FLUSH = Duration.ofMinutes(10);
  private static final String UNACKNOWLEDGED =
      "Kafka did not take its events within " + FLUSH.toMinutes() + " min";

  private final ShardMemberSettings settings;
  private final ShardTopic topic;
  private final int partition;
  private final EventPublisher publisher;
  private final Ticker ticker;
  private final EpochAnchor anchor;
  private final ShardOffered offer;
  private final int epoch;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();
  private final LoadClient client;
  private volatile boolean fenced;
  private volatile boolean stopped;
  private volatile boolean over;

  HeldShard(
      ShardMemberSettings settings,
      ShardTopic topic,
      int partition,
      EventPublisher publisher,
      Ticker ticker,
      EpochAnchor anchor,
      ShardOffered offer,
      int epoch) {
    this.settings = settings;
    this.topic = topic;
    this.partition = partition;
    this.publisher = publisher;
    this.ticker = ticker;
    this.anchor = anchor;
    this.offer = offer;
    this.epoch = epoch;
    this.client = LoadClient.open(ticker);
  }

  int epoch() {
    return epoch;
  }

  boolean isOver() {
    return over;
  }

  /** Says nothing more: another generator holds the shard. */
  void fence() {
    stop(true);
  }

  /** Ends what is in flight; whether it may still say so. */
  void stop(boolean silently) {
    fenced |= silently;
    stopped = true;
    client.stop();
  }

  @Override
  public void run() {
    try {
      finish(sendOrSayWhyNot());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over = true;
    }
  }

  /** Sends what is to be sent; why that failed, null when it did not. */
  private @Nullable String sendOrSayWhyNot() throws InterruptedException {
    try (client) {
      send(OfferedRun.of(offer, settings));
      return null;
    } catch (RuntimeException e) {
      LOG.warn("a shard failed shard={} run={}", offer.getShard(), offer.getRun(), e);
      return "%s: %s"
          .formatted(
              settings.name(),
              e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  private void send(OfferedRun run) throws InterruptedException {
    Set<Integer> done = epoch > 1 ? inherit(run) : Set.of();
    long late = anchor.epochAt(ticker.nanos()) - offer.getStartAt();
    Share share = Share.of(run.course(), offer.getShard(), offer.getShards(), done, late);
    SamplerSettings sampling =
        new SamplerSettings(
            offer.getRun(),
            run.door().endpoint().origin(),
            client.health(),
            publisher,
            anchor,
            ticker,
            WallClock.system(),
            Map.of());
    try (ClientSampler _ = ClientSampler.start(sampling, Map.of("generator", settings.name()))) {
      drive(run, share);
    }
  }

  private void finish(@Nullable String failure) throws InterruptedException {
    boolean flushed = publisher.flush(FLUSH);
    if (fenced) {
      return;
    }
    topic.write(
        new ShardFinished(
            offer.getRun(),
            anchor.epochAt(ticker.nanos()),
            offer.getShard(),
            epoch,
            sent.get(),
            finished.get(),
            tokens.get(),
            publisher.counts(offer.getRun()).lost(),
            flushed || failure != null ? failure : settings.name() + ": " + UNACKNOWLEDGED),
        partition);
  }

  /**
   * What an earlier holder left: requests that have ended are done, and those in flight were lost
   * with it.
   */
  private Set<Integer> inherit(OfferedRun run) {
    RunLog log = RunLog.read(topic, offer.getRun(), offer.getAt());
    Set<Integer> mine =
        new HashSet<>(
            Share.of(run.course(), offer.getShard(), offer.getShards(), Set.of(), 0).ordinals());
    Set<Integer> done = new HashSet<>(log.ended());
    for (int ordinal : log.inFlight()) {
      if (mine.contains(ordinal)) {
        publish(log.lost(ordinal, run.frame(anchor, epoch), anchor.epochAt(ticker.nanos())));
        done.add(ordinal);
      }
    }
    return done;
  }

  private void drive(OfferedRun run, Share share) throws InterruptedException {
    if (fenced || share.ordinals().isEmpty()) {
      return;
    }
    CompletableFuture<?> done =
        client.drive(
            new PhaseLoad(
                run.frame(anchor, epoch),
                run.id(),
                Phase.MEASURE,
                1,
                run.door().endpoint(),
                run.door().headers(),
                share.prompts(),
                (prompt, ordinal) -> question(run, prompt, ordinal),
                pace(run, share),
                this::publish,
                share.ordinals()));
    if (stopped) {
      client.stop();
    }
    try {
      done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("shard " + offer.getShard() + " failed", e.getCause());
    }
  }

  private Pace pace(OfferedRun run, Share share) {
    Integer cap = ((LoadPoint.Open) run.spec().load()).maxInFlight();
    IntToLongFunction pauses = run.spec().pauses();
    return new Pace.Open(
        share.schedule(),
        anchor.monotonicAt(offer.getStartAt()),
        cap == null ? null : (Integer) Math.ceilDiv(cap, offer.getShards()),
        index -> pauses.applyAsLong(share.ordinals().get(index)),
        run.course().endless());
  }

  private Question question(OfferedRun run, Prompt prompt, int ordinal) {
    Strategy strategy = run.spec().strategy();
    return new Question(
        strategy.model(),
        run.salt().before(prompt, ordinal),
        run.spec().variant().workload().ignoreEos(),
        offer.getCountsAlong(),
        strategy.body());
  }

  private void publish(SpecificRecord event) {
    if (fenced) {
      return;
    }
    switch (event) {
      case TokenReceived token -> tokens.incrementAndGet();
      case RequestSent request -> sent.incrementAndGet();
      case RequestFinished request -> finished.incrementAndGet();
      default -> {}
    }
    publisher.publish(event);
  }
}
