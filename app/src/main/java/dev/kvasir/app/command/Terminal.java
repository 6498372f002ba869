package dev.kvasir.app.command;

import java.io.BufferedReader;
import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a command prints.
 *
 * @param out results
 * @param err progress and problems
 * @param interactive whether a person looks at it, so that a line may be redrawn
 */
record Terminal(PrintWriter out, PrintWriter err, boolean interactive) {

  private static final int DEFAULT_COLUMNS = 120;

  /** The terminal, file or pipe that this process was started on. */
  static Terminal ofProcess() {
    boolean interactive = isTerminal(System.console()) && !"dumb".equals(System.getenv("TERM"));
    return new Terminal(utf8(System.out), utf8(System.err), interactive);
  }

  private static boolean isTerminal(@Nullable Console console) {
    return console != null && console.isTerminal();
  }

  private static PrintWriter utf8(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }

  /** Width of a line; asking costs a few milliseconds. */
  int columns() {
    return interactive ? columnsOfTty() : DEFAULT_COLUMNS;
  }

  private static int columnsOfTty() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader reader = stty.inputReader()) {
        String line = reader.readLine();
        int columns = line == null ? 0 : Integer.parseInt(line.substring(line.indexOf(' ') + 1));
        return columns > 0 ? columns : DEFAULT_COLUMNS;
      }
    } catch (IOException | NumberFormatException e) {
      return DEFAULT_COLUMNS;
    }
  }
}
