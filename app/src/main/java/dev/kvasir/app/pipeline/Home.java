package dev.kvasir.app.pipeline;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kvasir.time.WallClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The folder in which all state lies.
 *
 * @param folder its absolute path; it need not exist
 */
public record Home(Path folder) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneId.systemDefault());

  /** A home at a path. */
  public static Home at(Path path) {
    return new Home(path.toAbsolutePath().normalize());
  }

  /** Whether there is anything in it. */
  public boolean exists() {
    return Files.exists(folder.resolve("made.json"));
  }

  /** Where the embedded broker's log lies. */
  public Path kafka() {
    return folder.resolve("kafka");
  }

  /** Where Kafka Streams keeps its state. */
  public Path streams() {
    return folder.resolve("streams");
  }

  /** The DuckDB file. */
  public Path warehouse() {
    return folder.resolve("warehouse.duckdb");
  }

  /** Where copies of the log lie that stay when its own records leave it. */
  public Path archive() {
    return folder.resolve("archive");
  }

  /** The folder that queries may write to. */
  public Path exports() {
    return folder.resolve("exports");
  }

  /** Where the figures of an experiment are drawn. */
  public Path figures(String experiment) {
    String name = experiment.replaceAll("[^A-Za-z0-9._=-]+", "-").replaceFirst("^\\.+", "-");
    return folder.resolve("figures").resolve(name.isEmpty() ? "-" : name);
  }

  /** Where a generator keeps events while Kafka is away. */
  public Path spill() {
    return folder.resolve("spill");
  }

  /** What this machine's client can measure. */
  public Path calibration() {
    return folder.resolve("calibration.json");
  }

  /** Plans that were given by options. */
  public Path plans() {
    return folder.resolve("plans");
  }

  /** Who is attached to the home's holder: a file for each process, named by its id. */
  public Path attached() {
    return folder.resolve("attached");
  }

  /** A new folder for one command's simulators to write what they emitted. */
  public Path newEmissions() {
    return folder.resolve("emissions").resolve(stamp());
  }

  /** A log file for this process in the given role. */
  public Path log(String role) {
    return folder
        .resolve("logs")
        .resolve("%s-%s-%d.log".formatted(stamp(), role, ProcessHandle.current().pid()));
  }

  /** A readable time, unique enough within a home to name files by. */
  public static String stamp() {
    return STAMP.format(Instant.ofEpochSecond(0, WallClock.system().epochNanos()));
  }

  /**
   * Makes the home, or checks that it was made for the same kind of log.
   *
   * @throws IllegalStateException if it was made with another broker or registry
   */
  public void make(Made made) {
    try {
      makeFolder();
      for (Path each : new Path[] {exports(), spill(), plans(), attached()}) {
        Files.createDirectories(each);
      }
      Files.createDirectories(folder.resolve("logs"));
      Optional<Made> earlier = made();
      if (earlier.isEmpty()) {
        writePrivately(folder.resolve("made.json"), JSON.writeValueAsString(made));
      } else if (!earlier.get().equals(made)) {
        throw new IllegalStateException(
            "the home %s was made with %s, and this command asks for %s; name another home with --home or leave the broker and registry options as they were"
                .formatted(folder, earlier.get(), made));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the home %s cannot be used (%s); name a writable folder with --home"
              .formatted(folder, e.getMessage()),
          e);
    }
  }

  /** Makes the folder for its owner alone; one that is there stays as it is. */
  void makeFolder() throws IOException {
    Path parent = folder.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.createDirectories(folder, permissions(folder, "rwx------"));
  }

  private static FileAttribute<?>[] permissions(Path path, String wanted) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(wanted))
        }
        : new FileAttribute<?>[0];
  }

  /** What the home was made for; empty when it was not made yet. */
  public Optional<Made> made() {
    Path file = folder.resolve("made.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(file.toFile(), Made.class));
    } catch (JacksonException e) {
      throw new IllegalStateException(
          "%s cannot be understood: %s; restore it or name another home with --home"
              .formatted(file, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** Replaces a file in one step, readable by its owner only. */
  static void writePrivately(Path file, String content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    Files.deleteIfExists(draft);
    Files.createFile(draft, permissions(draft, "rw-------"));
    Files.writeString(draft, content);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * What kind of log a home's data belongs to; it cannot change.
   *
   * @param kafka {@code embedded}, or the outside cluster's id
   * @param registry {@code embedded} or {@code outside}
   */
  public record Made(String kafka, String registry) {

    @Override
    public String toString() {
      return "Kafka %s and registry %s".formatted(kafka, registry);
    }
  }
}
