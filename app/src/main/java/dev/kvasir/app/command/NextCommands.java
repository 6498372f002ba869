package dev.kvasir.app.command;

import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.PlanSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What to type after a run, ready to be copied. */
final class NextCommands {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");

  private NextCommands() {}

  /**
   * The commands that show an experiment.
   *
   * @param goingOn the words that make the runs that are still to be made; null when all are
   */
  static List<String> of(Home home, String experiment, @Nullable String goingOn) {
    String kvasir = System.getProperty("kvasir.launcher", "kvasir") + homeOption(home);
    List<String> commands = new ArrayList<>();
    if (goingOn != null) {
      commands.add("%s %s".formatted(kvasir, goingOn));
    }
    commands.add("%s compare %s".formatted(kvasir, experiment));
    commands.add("%s report %s".formatted(kvasir, experiment));
    commands.add(
        "%s sql \"SELECT strategy, load_point, repeat, p99_ttft_ms, attainment, verdict FROM results WHERE experiment = '%s'\""
            .formatted(kvasir, experiment));
    commands.add("%s export --format parquet -o %s-parquet".formatted(kvasir, experiment));
    return commands;
  }

  /** The words that go on with a plan of a file; null for one that was given by options. */
  static @Nullable String goingOn(PlanSource source) {
    String file = source.name();
    if (file == null) {
      return null;
    }
    StringBuilder words = new StringBuilder("run ").append(quoted(file));
    source
        .settings()
        .forEach((key, value) -> words.append(" --set ").append(quoted(key + "=" + value)));
    if (source.quick()) {
      words.append(" --quick");
    }
    return words.append(" --resume").toString();
  }

  private static String homeOption(Home home) {
    String usual = System.getenv().getOrDefault("KVASIR_HOME", ".kvasir");
    return home.equals(Home.at(Path.of(usual)))
        ? ""
        : " --home " + quoted(home.folder().toString());
  }

  /** A word as a shell reads it. */
  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
