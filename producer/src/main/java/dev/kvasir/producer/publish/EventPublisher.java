package dev.kvasir.producer.publish;

import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.EventRecord;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.RegistryUnavailableException;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jctools.queues.MpscArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes events to Kafka, in order, each exactly once.
 *
 * <p>{@link #publish} takes events from any thread and never blocks. One thread of its own
 * serialises and sends them. When more bytes wait for Kafka's acknowledgement than memory may hold,
 * later events go to a spill file and follow from there; a lock on the file says that it is in use.
 * {@link #hold} has all of them go there for a while. An event is lost only when the disk is full,
 * when the queue overflows because the thread cannot follow, or when Kafka refuses it for good;
 * lost events are counted.
 */
public final class EventPublisher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
  private static final int DRAIN_AT_ONCE = 4096;
  private static final long IDLE_NANOS = 2_000_000;
  private static final long REGISTRY_RETRY_NANOS = 200_000_000;
  private static final Duration POLL = Duration.ofMillis(2);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  private final MpscArrayQueue<SpecificRecord> queue;
  private final long memoryBytes;
  private final Ticker ticker;
  private final Path spillPath;
  private final SpillFile spill;
  private final EventSerializer serializer;
  private final KafkaSender kafka;
  private final Thread thread;

  private final Map<Long, RunCounter> counters = new ConcurrentHashMap<>();
  private final Queue<EncodedEvent> unsent = new ConcurrentLinkedQueue<>();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong settled = new AtomicLong();
  private final AtomicLong unacknowledgedBytes = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private volatile long spilledBytes;
  private volatile boolean held;
  private volatile boolean closing;
  private boolean spilling;
  private long lastRun;
  private @Nullable RunCounter lastCounter;

  private EventPublisher(
      PublisherSettings settings, Ticker ticker, Path spillPath, FileChannel spillChannel) {
    this.queue = new MpscArrayQueue<>(settings.queuedEvents());
    this.memoryBytes = settings.memoryBytes();
    this.ticker = ticker;
    this.spillPath = spillPath;
    this.spill = new SpillFile(spillChannel);
    this.serializer = new EventSerializer(settings.registry());
    this.kafka = KafkaSender.connect(settings.bootstrapServers(), settings.memoryBytes());
    this.thread = Thread.ofPlatform().name("event-publisher").daemon().unstarted(this::run);
  }

  /**
   * Connects to Kafka and starts the publisher's thread.
   *
   * @throws IllegalStateException if Kafka cannot be reached or lacks a topic
   * @throws UncheckedIOException if the spill file cannot be made
   */
  public static EventPublisher start(PublisherSettings settings, Ticker ticker) {
    try {
      Files.createDirectories(settings.spillFolder());
      Path path = Files.createTempFile(settings.spillFolder(), "events-", ".spill");
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel.lock();
      return started(settings, ticker, path, channel);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no spill file can be made in " + settings.spillFolder() + ": " + e.getMessage(), e);
    }
  }

  private static EventPublisher started(
      PublisherSettings settings, Ticker ticker, Path path, FileChannel channel)
      throws IOException {
    try {
      EventPublisher publisher = new EventPublisher(settings, ticker, path, channel);
      publisher.thread.start();
      return publisher;
    } catch (IllegalStateException e) {
      channel.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** Hands an event over; never blocks. */
  public void publish(SpecificRecord event) {
    accepted.incrementAndGet();
    if (!queue.offer(event)) {
      lost(EventRecord.run(event));
    }
  }

  /** Has events wait in the spill file, so that nobody downstream works on them. */
  public void hold() {
    held = true;
  }

  /** Sends what was held. */
  public void release() {
    held = false;
  }

  /** What waits now. */
  public Backlog backlog() {
    return new Backlog(queue.size(), unacknowledgedBytes.get(), spilledBytes);
  }

  /** Reports what waits, and what the Kafka producer measures of itself. */
  public void meter(MeterRegistry registry) {
    kafka.meter(registry);
    Gauge.builder("kvasir.publisher.queued", queue, MpscArrayQueue::size)
        .description("events that wait for the publisher's thread")
        .register(registry);
    Gauge.builder("kvasir.publisher.unacknowledged", unacknowledgedBytes, AtomicLong::get)
        .description("bytes in memory that Kafka has not acknowledged")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    Gauge.builder("kvasir.publisher.spilled", this, publisher -> publisher.spilledBytes)
        .description("bytes that wait in the spill file")
        .baseUnit(BaseUnits.BYTES)
        .register(registry);
    FunctionCounter.builder("kvasir.publisher.events", settled, AtomicLong::get)
        .description("events acknowledged or lost")
        .register(registry);
  }

  /** What became of a run's events so far. */
  public PublishedCounts counts(long run) {
    return counter(run).counts();
  }

  /**
   * Waits until everything published before is acknowledged or lost.
   *
   * @return false if it is not within the limit
   */
  public boolean flush(Duration limit) throws InterruptedException {
    long target = accepted.get();
    long deadline = ticker.nanos() + limit.toNanos();
    while (settled.get() < target) {
      if (ticker.nanos() - deadline > 0) {
        return false;
      }
      Pause.of(POLL);
    }
    return true;
  }

  private void run() {
    while (true) {
      boolean last = closing;
      int taken = queue.drain(this::take, DRAIN_AT_ONCE);
      int sent = last ? 0 : sendSpilled();
      if (taken + sent > 0) {
        continue;
      }
      if (last) {
        return;
      }
      LockSupport.parkNanos(IDLE_NANOS);
    }
  }

  private void take(SpecificRecord event) {
    EncodedEvent encoded = encoded(event);
    if (encoded == null) {
      lost(EventRecord.run(event));
      return;
    }
    boolean holding = held;
    if (!holding && !spilling && fits(encoded) && send(encoded)) {
      return;
    }
    if (!holding && !spilling) {
      LOG.warn("Kafka does not keep up: events go to a file until it does file={}", spillPath);
    }
    spilling = true;
    if (!spill.append(encoded)) {
      lost(encoded.run());
    }
    spilledBytes = spill.bytes();
  }

  /** Encodes an event, waiting for a registry that cannot be reached; null if it never can be. */
  private @Nullable EncodedEvent encoded(SpecificRecord event) {
    boolean waiting = false;
    while (true) {
      try {
        return EncodedEvent.of(event, serializer);
      } catch (SerializationException e) {
        LOG.error("an event cannot be written reason=\"{}\"", e.getMessage());
        return null;
      } catch (RegistryUnavailableException e) {
        if (closing) {
          LOG.error(
              "an event cannot be written, and there is no time left reason=\"{}\"",
              e.getMessage());
          return null;
        }
        if (!waiting) {
          LOG.warn("events wait for the schema registry reason=\"{}\"", e.getMessage());
          waiting = true;
        }
        LockSupport.parkNanos(REGISTRY_RETRY_NANOS);
      }
    }
  }

  private boolean fits(EncodedEvent event) {
    long waiting = unacknowledgedBytes.get();
    return waiting == 0 || waiting + event.bytes() <= memoryBytes;
  }

  /** Sends what was spilled, as far as memory allows; returns how many events that were. */
  private int sendSpilled() {
    int sent = 0;
    try {
      while (spilling && !held && sent < DRAIN_AT_ONCE) {
        EncodedEvent event = spill.peek();
        if (event == null) {
          spilling = false;
          LOG.info("Kafka has taken all events of the file file={}", spillPath);
        } else if (!fits(event) || !send(event)) {
          break;
        } else {
          spill.remove();
          sent++;
        }
      }
      spilledBytes = spill.bytes();
      return sent;
    } catch (IOException e) {
      throw new UncheckedIOException("the spill file " + spillPath + " cannot be read", e);
    }
  }

  /** Sends an event; false if the Kafka producer does not take it now. */
  private boolean send(EncodedEvent event) {
    int bytes = event.bytes();
    unacknowledgedBytes.addAndGet(bytes);
    boolean taken = kafka.send(event, new Counted(event, bytes, sendingCounter(event.run())));
    if (!taken) {
      unacknowledgedBytes.addAndGet(-bytes);
    }
    return taken;
  }

  /** An event's way to Kafka, counted for its run. */
  private final class Counted extends KafkaSender.Delivery {

    private final EncodedEvent event;
    private final int bytes;
    private final RunCounter counter;

    Counted(EncodedEvent event, int bytes, RunCounter counter) {
      this.event = event;
      this.bytes = bytes;
      this.counter = counter;
    }

    @Override
    void settled(@Nullable Exception failure) {
      unacknowledgedBytes.addAndGet(-bytes);
      if (failure == null) {
        counter.acknowledged(event.kind());
      } else if (closing) {
        unsent.add(event);
      } else {
        counter.lost();
        if (refusals.getAndIncrement() == 0) {
          LOG.error(
              "Kafka refused an event, the first of this process reason=\"{}\"",
              failure.getMessage());
        }
      }
      settled.incrementAndGet();
    }
  }

  /** The counter of a run whose events come one after the other; for the publisher's thread. */
  private RunCounter sendingCounter(long run) {
    RunCounter known = lastCounter;
    if (known != null && lastRun == run) {
      return known;
    }
    lastRun = run;
    RunCounter found = counter(run);
    lastCounter = found;
    return found;
  }

  private void lost(long run) {
    counter(run).lost();
    settled.incrementAndGet();
  }

  private RunCounter counter(long run) {
    return counters.computeIfAbsent(run, number -> new RunCounter());
  }

  /**
   * Sends what is left, within 10 s; what Kafka has not taken by then stays in a file of the spill
   * folder, from which {@link Leftovers} sends it later.
   */
  @Override
  public void close() {
    release();
    try {
      boolean sent = flush(CLOSE_WITHIN);
      closing = true;
      thread.join(CLOSE_WITHIN);
      kafka.close();
      if (!sent) {
        keepUnsent();
      }
      spill.close();
      Files.deleteIfExists(spillPath);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s cannot be kept, and %d events never reached Kafka: %s"
              .formatted(spillPath, accepted.get() - settled.get(), e.getMessage()),
          e);
    } finally {
      serializer.close();
    }
  }

  private void keepUnsent() throws IOException {
    if (unsent.isEmpty() && spill.isEmpty()) {
      return;
    }
    Path kept = Leftovers.fileBeside(spillPath);
    int lost = spill.keep(kept, unsent);
    LOG.warn(
        "Kafka did not take the last events: the next generator on this home sends them file={}",
        kept);
    if (lost > 0) {
      LOG.error("events found no room and are lost events={} file={}", lost, kept);
    }
  }
}
