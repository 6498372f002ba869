package dev.kvasir.app.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Where this process logs to: never to the terminal. */
public final class Logs {

  private static final String PROPERTY = "kvasir.log";

  /** Where commands without a home log to, as logback.xml has it. */
  private static final Path WITHOUT_HOME =
      Path.of(
          System.getProperty("java.io.tmpdir"),
          "kvasir-%s.log".formatted(System.getProperty("user.name")));

  private Logs() {}

  /** Logs to a file in the home, which is made when absent; must come before the first logger. */
  public static void into(Home home, String role) {
    try {
      home.makeFolder();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the home %s cannot be used (%s); name a writable folder with --home"
              .formatted(home.folder(), e.getMessage()),
          e);
    }
    System.setProperty(PROPERTY, home.log(role).toString());
    LoggerFactory.getILoggerFactory();
  }

  /** The file, once something was logged. */
  public static Optional<Path> file() {
    String file = System.getProperty(PROPERTY);
    return Optional.of(file == null ? WITHOUT_HOME : Path.of(file)).filter(Files::exists);
  }
}
