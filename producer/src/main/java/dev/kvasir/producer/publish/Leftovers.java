package dev.kvasir.producer.publish;

import dev.kvasir.topic.Topic;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the events that earlier publishers left in spill files because Kafka was away when they
 * ended. What the log holds already is not sent again. A file whose lock is held belongs to a
 * publisher that is at work. One thread uses it.
 */
public final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final String SPILLED = ".spill";
  private static final int EVENTS_AT_ONCE = 200_000;
  private static final long PAUSE_NANOS = 10_000_000;

  private final PublisherSettings settings;

  private Leftovers(PublisherSettings settings) {
    this.settings = settings;
  }

  /**
   * Sends every event that was left in the spill folder, and removes its file, if it is none of
   * {@link OpenRuns}.
   *
   * @return how many were sent
   * @throws IllegalStateException if Kafka refuses one, or cannot be reached; its file stays
   */
  public static long send(PublisherSettings settings) {
    if (!Files.isDirectory(settings.spillFolder())) {
      return 0;
    }
    long sent = 0;
    try (Stream<Path> files = Files.list(settings.spillFolder())) {
      Leftovers leftovers = new Leftovers(settings);
      for (Path file : files.filter(each -> each.toString().endsWith(SPILLED)).sorted().toList()) {
        sent += leftovers.sendFile(file);
      }
      return sent;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the events left in %s cannot be read: %s"
              .formatted(settings.spillFolder(), e.getMessage()),
          e);
    }
  }

  /** A name for what a publisher leaves, beside its spill file. */
  static Path fileBeside(Path spill) {
    String name = spill.getFileName().toString();
    return spill.resolveSibling(
        "left-" + name.substring(0, name.length() - SPILLED.length()) + SPILLED);
  }

  private long sendFile(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (!isFree(channel)) {
        return 0;
      }
      long sent = 0;
      try (DataInputStream in =
          new DataInputStream(new BufferedInputStream(Channels.newInputStream(channel)))) {
        for (Collection<EncodedEvent> some = next(in); !some.isEmpty(); some = next(in)) {
          sent += sendAll(some);
        }
        if (!OpenRuns.isClaim(file)) {
          Files.delete(file);
        }
      }
      if (sent > 0) {
        LOG.info("what an earlier generator left is in Kafka now events={} file={}", sent, file);
      }
      return sent;
    }
  }

  private static boolean isFree(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException ofThisProcess) {
      return false;
    }
  }

  private static Collection<EncodedEvent> next(DataInputStream in) throws IOException {
    List<EncodedEvent> events = new ArrayList<>();
    EncodedEvent event = SpillFile.read(in);
    while (event != null) {
      events.add(event);
      event = events.size() < EVENTS_AT_ONCE ? SpillFile.read(in) : null;
    }
    return events;
  }

  private int sendAll(Collection<EncodedEvent> events) {
    Map<RecordText, EncodedEvent> lacking = new LinkedHashMap<>();
    events.forEach(event -> lacking.putIfAbsent(RecordText.of(event), event));
    try (LogSearch log = new LogSearch(settings.bootstrapServers())) {
      log.find(events, lacking::remove);
    }
    if (lacking.isEmpty()) {
      return 0;
    }
    try (KafkaSender kafka =
        KafkaSender.connect(settings.bootstrapServers(), settings.memoryBytes())) {
      Arrivals arrivals = new Arrivals();
      for (EncodedEvent event : lacking.values()) {
        while (!kafka.send(event, arrivals.delivery())) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
      arrivals.await(lacking.size());
    }
    return lacking.size();
  }

  /** Counts deliveries. */
  private static final class Arrivals {

    private final AtomicInteger arrived = new AtomicInteger();
    private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();

    KafkaSender.Delivery delivery() {
      return new KafkaSender.Delivery() {
        @Override
        void settled(@Nullable Exception failure) {
          if (failure == null) {
            arrived.incrementAndGet();
          } else {
            failures.add(failure);
          }
        }
      };
    }

    void await(int count) {
      while (arrived.get() < count) {
        Exception failure = failures.peek();
        if (failure != null) {
          throw new IllegalStateException(
              "Kafka refused an event that was left: " + failure.getMessage(), failure);
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /**
   * A record of the log, by what it says.
   *
   * @param topic topic
   * @param key key, one character a byte
   * @param value value, one character a byte
   */
  record RecordText(Topic topic, String key, String value) {

    static RecordText of(EncodedEvent event) {
      return of(event.topic(), event.key(), event.value());
    }

    static RecordText of(Topic topic, byte[] key, byte[] value) {
      return new RecordText(
          topic,
          new String(key, StandardCharsets.ISO_8859_1),
          new String(value, StandardCharsets.ISO_8859_1));
    }
  }
}
