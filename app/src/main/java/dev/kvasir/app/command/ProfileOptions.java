package dev.kvasir.app.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which simulated servers are meant: every profile under every strategy, with the same changes. */
final class ProfileOptions {

  /**
   * One of them.
   *
   * @param strategy empty for the profile's own
   * @param changes values that replace the profile's, the strategy among them
   */
  record Choice(String profile, String strategy, Map<String, String> changes) {}

  @Option(
      names = "--profile",
      paramLabel = "NAME|FILE",
      description = "What serves; see `kvasir simulate --profiles`. May be repeated.")
  private List<String> profiles = List.of();

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "Where its KV is kept; see `kvasir simulate --strategies`. May be repeated.")
  private List<String> strategies = List.of();

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Replace a profile's value.")
  private Map<String, String> changes = new LinkedHashMap<>();

  /** What was asked for; of the usual profile where none was named. */
  List<Choice> choices(String usual) {
    List<Choice> choices = new ArrayList<>();
    for (String profile : profiles.isEmpty() ? List.of(usual) : profiles) {
      for (String strategy : strategies.isEmpty() ? List.of("") : strategies) {
        choices.add(new Choice(profile, strategy, changesWith(strategy)));
      }
    }
    return choices;
  }

  /**
   * The only one.
   *
   * @throws Refusal if none or several were named
   */
  Choice choice() {
    if (profiles.size() != 1 || strategies.size() > 1) {
      throw new Refusal(
          ExitCode.USAGE,
          "%d profiles and %d strategies were given; give one --profile and at most one --strategy"
              .formatted(profiles.size(), strategies.size()));
    }
    return choices("").getFirst();
  }

  private Map<String, String> changesWith(String strategy) {
    Map<String, String> all = new LinkedHashMap<>(changes);
    if (!strategy.isEmpty()) {
      all.put("strategy", strategy);
    }
    return all;
  }
}
