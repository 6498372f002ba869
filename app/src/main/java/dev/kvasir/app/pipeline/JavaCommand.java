package dev.kvasir.app.pipeline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The words that start another Java process from this one's classes. */
public final class JavaCommand {

  private JavaCommand() {}

  /**
   * The words.
   *
   * @param options options of the Java process
   * @param main its main class
   * @param arguments what follows the main class
   */
  public static List<String> of(List<String> options, String main, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("--enable-native-access=ALL-UNNAMED");
    words.add("--sun-misc-unsafe-memory-access=allow");
    words.addAll(options);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    words.addAll(arguments);
    return words;
  }
}
