package dev.kvasir.app.pipeline;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a home, as {@code holder.json} says it to every other command.
 *
 * @param pid process id
 * @param startedAt when that process started, ISO 8601: another process with the id is not it; null
 *     where the system does not tell
 * @param role the command that holds
 * @param bootstrapServers where Kafka listens
 * @param registry {@code embedded}, or the registry server's address
 * @param sql address of the SQL door; null while there is none
 * @param page address of the live page; null when there is none
 * @param token what the door and the page ask for
 */
public record Holder(
    long pid,
    @Nullable String startedAt,
    String role,
    String bootstrapServers,
    String registry,
    @Nullable String sql,
    @Nullable String page,
    String token) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FILE = "holder.json";

  /** The live holder of a home; a file left behind by a dead one counts for nothing. */
  public static Optional<Holder> of(Home home) {
    return read(home).filter(Holder::isAlive).filter(Holder::isTheSame);
  }

  /** The holder of a home that is locked: a living process, whatever start the clock now tells. */
  static Optional<Holder> ofLocked(Home home) {
    return read(home).filter(Holder::isAlive);
  }

  private static Optional<Holder> read(Home home) {
    Path file = home.folder().resolve(FILE);
    try {
      return Optional.of(JSON.readValue(Files.readString(file), Holder.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JacksonException e) {
      throw new IllegalStateException(
          "%s cannot be understood: %s; delete it if no kvasir runs"
              .formatted(file, e.getOriginalMessage()),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** When a process started, as {@code holder.json} writes it. */
  static @Nullable String startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse(null);
  }

  /** Who it is, for messages. */
  public String describe() {
    return "kvasir %s (process %d%s)"
        .formatted(role, pid, startedAt == null ? "" : ", since " + startedAt);
  }

  void writeInto(Home home) {
    try {
      Home.writePrivately(
          home.folder().resolve(FILE),
          JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " cannot be written into " + home.folder(), e);
    }
  }

  static void removeFrom(Home home) {
    try {
      Files.deleteIfExists(home.folder().resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " cannot be removed from " + home.folder(), e);
    }
  }

  private boolean isAlive() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
  }

  private boolean isTheSame() {
    return startedAt == null
        || ProcessHandle.of(pid).map(Holder::startOf).filter(startedAt::equals).isPresent();
  }
}
