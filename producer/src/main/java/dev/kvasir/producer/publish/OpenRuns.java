package dev.kvasir.producer.publish;

import dev.kvasir.event.RunStarted;
import dev.kvasir.topic.EventSerializer;
import dev.kvasir.topic.RegistryUnavailableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs that generators of one home have begun and not ended: a file for each in the spill
 * folder, locked by the generator that executes it, with the run's start inside. One that nobody
 * locks belongs to a generator that died; {@link Leftovers} sends the start if Kafka never had it.
 * Thread-safe.
 */
public final class OpenRuns {

  private static final Logger LOG = LoggerFactory.getLogger(OpenRuns.class);
  private static final Pattern NAME = Pattern.compile("run-(\\d+)\\.spill");

  private final PublisherSettings settings;

  private OpenRuns(PublisherSettings settings) {
    this.settings = settings;
  }

  /** Those of the home that a spill folder belongs to. */
  public static OpenRuns of(PublisherSettings settings) {
    return new OpenRuns(settings);
  }

  /** The lock on one run's file. */
  public static final class Claim {

    private final long run;
    private final Path file;
    private final FileChannel channel;

    private Claim(long run, Path file, FileChannel channel) {
      this.run = run;
      this.file = file;
      this.channel = channel;
    }

    /** The run's number. */
    public long run() {
      return run;
    }

    /** Says that Kafka has the run's end. */
    public void release() {
      try (channel) {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(file + " cannot be removed", e);
      }
    }
  }

  /**
   * Says that a run begins, before anything of it is sent.
   *
   * @throws UncheckedIOException if its file cannot be written
   */
  public Claim claim(RunStarted run) {
    Path file = settings.spillFolder().resolve("run-%d.spill".formatted(run.getRun()));
    try {
      Files.createDirectories(settings.spillFolder());
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel.lock();
      write(run, channel);
      return new Claim(run.getRun(), file, channel);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s cannot be written (%s); make room or name another home"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private void write(RunStarted run, FileChannel channel) throws IOException {
    try (EventSerializer serializer = new EventSerializer(settings.registry())) {
      SpillFile spill = new SpillFile(channel);
      spill.append(EncodedEvent.of(run, serializer));
      spill.force();
    } catch (SerializationException | RegistryUnavailableException e) {
      LOG.warn(
          "if this generator dies before Kafka has the run's start, nobody will know of it run={} reason=\"{}\"",
          run.getRun(),
          e.getMessage());
    }
  }

  /** Takes the claims that dead generators left. */
  public List<Claim> takeAbandoned() {
    if (!Files.isDirectory(settings.spillFolder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(settings.spillFolder())) {
      List<Claim> abandoned = new ArrayList<>();
      for (Path file : files.filter(OpenRuns::isClaim).sorted().toList()) {
        Claim claim = take(file);
        if (claim != null) {
          abandoned.add(claim);
        }
      }
      return abandoned;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the open runs in %s cannot be read: %s"
              .formatted(settings.spillFolder(), e.getMessage()),
          e);
    }
  }

  private static @Nullable Claim take(Path file) throws IOException {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return null;
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      return null;
    }
    return new Claim(Long.parseLong(name.group(1)), file, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ofThisProcess) {
      return null;
    }
  }

  /** Whether a file of the spill folder says that a run is open. */
  static boolean isClaim(Path file) {
    return NAME.matcher(file.getFileName().toString()).matches();
  }
}
