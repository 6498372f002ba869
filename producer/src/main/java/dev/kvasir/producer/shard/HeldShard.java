package dev.kvasir.producer.shard;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.ShardFinished;
import dev.kvasir.event.ShardOffered;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.client.LoadClient;
import dev.kvasir.producer.client.Pace;
import dev.kvasir.producer.client.Pauses;
import dev.kvasir.producer.client.PhaseLoad;
import dev.kvasir.producer.exchange.Question;
import dev.kvasir.producer.exchange.RunFrame;
import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shard that this generator sends. A thread of its own runs it; what is sent, sampled and counted
 * belongs to its epoch. Once fenced, it says nothing more.
 */
final class HeldShard implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(HeldShard.class);
  private static final Duration FLUSH = Duration.ofMinutes(10);

  private final ShardMemberSettings settings;
  private final ShardTopic topic;
  private final int partition;
  private final EventPublisher publisher;
  private final Ticker ticker;
  private final EpochAnchor anchor;
  private final ShardOffered offer;
  private final OfferedRun run;
  private final int epoch;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong finished = new AtomicLong();
  private final AtomicLong tokens = new AtomicLong();
  private final LoadClient client;
  private volatile boolean fenced;
  private volatile boolean over;

  private HeldShard(
      ShardMemberSettings settings,
      ShardTopic topic,
      int partition,
      EventPublisher publisher,
      Ticker ticker,
      EpochAnchor anchor,
      ShardOffered offer,
      OfferedRun run,
      int epoch) {
    this.settings = settings;
    this.topic = topic;
    this.partition = partition;
    this.publisher = publisher;
    this.ticker = ticker;
    this.anchor = anchor;
    this.offer = offer;
    this.run = run;
    this.epoch = epoch;
    this.client = LoadClient.open(ticker);
  }

  static HeldShard of(
      ShardMemberSettings settings,
      ShardTopic topic,
      int partition,
      EventPublisher publisher,
      Ticker ticker,
      EpochAnchor anchor,
      Lease lease,
      int epoch) {
    ShardOffered offer = Objects.requireNonNull(lease.offer());
    return new HeldShard(
        settings,
        topic,
        partition,
        publisher,
        ticker,
        anchor,
        offer,
        OfferedRun.of(offer, settings),
        epoch);
  }

  int epoch() {
    return epoch;
  }

  /** Whether its last answer is overdue: whoever offered it is long gone. */
  boolean isExpired() {
    long end = offer.getStartAt() + run.course().scheduleNanos() + run.plan().timeout().toNanos();
    return anchor.epochAt(ticker.nanos()) > end;
  }

  boolean isOver() {
    return over;
  }

  /** Says nothing more: another generator holds the shard. */
  void fence() {
    fenced = true;
    client.stop();
  }

  /** Ends what is in flight; whether it may still say so. */
  void stop(boolean silently) {
    fenced |= silently;
    client.stop();
  }

  @Override
  public void run() {
    try (client) {
      send();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("shard {} of run {} failed", offer.getShard(), offer.getRun(), e);
    } finally {
      over = true;
    }
  }

  private void send() throws InterruptedException {
    Set<Integer> done = epoch > 1 ? inherit() : Set.of();
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
            WallClock.system());
    try (ClientSampler _ = ClientSampler.start(sampling, Map.of("generator", settings.name()))) {
      drive(share);
    }
    if (fenced || !publisher.flush(FLUSH)) {
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
            publisher.counts(offer.getRun()).lost()),
        partition);
  }

  /**
   * What an earlier holder left: requests that have ended are done, and those in flight were lost
   * with it.
   */
  private Set<Integer> inherit() {
    RunLog log = RunLog.read(topic, offer.getRun(), offer.getAt());
    Set<Integer> mine =
        new HashSet<>(
            Share.of(run.course(), offer.getShard(), offer.getShards(), Set.of(), 0).ordinals());
    Set<Integer> done = new HashSet<>(log.ended());
    for (int ordinal : log.inFlight()) {
      if (mine.contains(ordinal)) {
        publish(lost(log.sent(ordinal)));
        done.add(ordinal);
      }
    }
    return done;
  }

  private RequestFinished lost(RequestSent request) {
    RunFrame frame = run.frame(anchor, epoch);
    return RequestFinished.newBuilder()
        .setRun(offer.getRun())
        .setOrdinal(request.getOrdinal())
        .setAt(anchor.epochAt(ticker.nanos()))
        .setOutcome(Outcome.ABORTED)
        .setError("its generator died while the request was in flight")
        .setDueAt(request.getDueAt())
        .setSentAt(request.getAt())
        .setChunks(0)
        .setPhase(request.getPhase())
        .setPass(request.getPass())
        .setTtftSloNanos(frame.ttftSloNanos())
        .setTpotSloNanos(frame.tpotSloNanos())
        .setTimeoutNanos(frame.timeoutNanos())
        .setEpoch(epoch)
        .build();
  }

  private void drive(Share share) throws InterruptedException {
    if (fenced || share.ordinals().isEmpty()) {
      return;
    }
    LoadPoint.Open open = (LoadPoint.Open) run.spec().load();
    Integer cap = open.maxInFlight();
    try {
      client
          .drive(
              new PhaseLoad(
                  run.frame(anchor, epoch),
                  run.id(),
                  Phase.MEASURE,
                  1,
                  run.door().endpoint(),
                  run.door().headers(),
                  share.prompts(),
                  this::question,
                  new Pace.Open(
                      share.schedule(),
                      anchor.monotonicAt(offer.getStartAt()),
                      cap == null ? null : (Integer) Math.ceilDiv(cap, offer.getShards()),
                      new Pauses(run.spec().play().thinkTime().toNanos(), share.pauseNanos())),
                  this::publish,
                  share.ordinals()))
          .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("shard " + offer.getShard() + " failed", e.getCause());
    }
  }

  private Question question(Prompt prompt) {
    Strategy strategy = run.spec().strategy();
    return new Question(
        strategy.model(),
        run.salted(prompt),
        run.spec().variant().workload().ignoreEos(),
        strategy.target() instanceof Target.Simulated,
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
