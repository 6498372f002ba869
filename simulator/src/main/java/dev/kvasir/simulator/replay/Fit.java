package dev.kvasir.simulator.replay;

import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.Profiles;
import dev.kvasir.simulator.replay.Campaign.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adjusts a few named constants of a profile to measured campaigns: coordinate descent with golden
 * sections over each constant's logarithm, on the sum of squared logarithms of predicted over
 * measured mean time to the first token. An input length counts once cold and once warm.
 */
public final class Fit {
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
  private static final int SECTIONS = 9;

  /** Iterations of one input length that are played: the cold one and two warm ones. */
  private static final int ITERATIONS = 3;

  /**
   * A campaign and how its server was set up.
   *
   * @param settings values of the profile for this campaign alone
   */
  public record Source(Campaign campaign, Map<String, String> settings) {
    public Source {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * A measured value and what the profile makes of it, in milliseconds.
   *
   * @param cold whether it was an input length's first iteration; else the mean of the later ones
   * @param variation of the measured iterations: standard deviation over mean
   */
  public record Row(
      String campaign,
      int inputTokens,
      boolean cold,
      double measured,
      double predicted,
      double variation) {
    /** Predicted over measured. */
    public double ratio() {
      return predicted / measured;
    }
  }

  private final String profile;
  private final List<Source> sources;
  private final int leastTokens;

  /**
   * A fit of one profile to campaigns.
   *
   * @param leastTokens runs with shorter prompts are played, but not compared
   */
  public Fit(String profile, List<Source> sources, int leastTokens) {
    this.profile = profile;
    this.sources = List.copyOf(sources);
    this.leastTokens = leastTokens;
  }

  /**
   * Adjusts constants, one after the other, in so many rounds.
   *
   * @param names keys of the profile that are numbers
   * @param rounds how often each one is adjusted
   * @return the constants that were found, as a profile writes them
   */
  public Map<String, String> adjust(List<String> names, int rounds) {
    Map<String, String> constants = new LinkedHashMap<>();
    for (String name : names) {
      constants.put(name, Profiles.value(profile, sources.getFirst().settings(), name));
    }
    double span = Math.log(4);
    for (int round = 0; round < rounds; round++) {
      for (String name : names) {
        constants.put(name, best(constants, name, span));
      }
      span /= 2.5;
    }
    return constants;
  }

  /** What the profile makes of every campaign with these constants. */
  public List<Row> rows(Map<String, String> constants) {
    List<Row> rows = new ArrayList<>();
    for (Source source : sources) {
      rows.addAll(rows(source, constants));
    }
    return rows;
  }

  /** How far off rows are, in a sentence. */
  public static String summary(List<Row> rows) {
    double[] factors =
        rows.stream().mapToDouble(row -> Math.max(row.ratio(), 1 / row.ratio())).sorted().toArray();
    long within = Arrays.stream(factors).filter(factor -> factor <= 1.5).count();
    return String.format(
        Locale.ROOT,
        "off by a factor of %.2f at the median and %.2f at most; %d of %d within 1.5",
        factors[factors.length / 2],
        factors[factors.length - 1],
        within,
        factors.length);
  }

  private String best(Map<String, String> constants, String name, double span) {
    String text = constants.getOrDefault(name, "");
    double low = -span;
    double high = span;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = loss(constants, name, text, left);
    double atRight = loss(constants, name, text, right);
    for (int i = 0; i < SECTIONS; i++) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = loss(constants, name, text, left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = loss(constants, name, text, right);
      }
    }
    double middle = (low + high) / 2;
    boolean better = loss(constants, name, text, middle) < loss(constants, name, text, 0);
    return better ? Profiles.scaled(name, text, Math.exp(middle)) : text;
  }

  private double loss(Map<String, String> constants, String name, String text, double log) {
    Map<String, String> changed = new LinkedHashMap<>(constants);
    changed.put(name, Profiles.scaled(name, text, Math.exp(log)));
    double sum = 0;
    for (Row row : rows(changed)) {
      sum += Math.pow(Math.log(row.ratio()), 2);
    }
    return sum;
  }

  private List<Row> rows(Source source, Map<String, String> constants) {
    Map<String, String> changes = new LinkedHashMap<>(source.settings());
    changes.putAll(constants);
    Profile built = Profiles.load(profile, changes);
    Map<Run, Double> predicted = source.campaign().play(built, ITERATIONS);
    Map<Integer, List<Run>> byLength = new TreeMap<>();
    for (Run each : source.campaign().runs()) {
      byLength.computeIfAbsent(each.inputTokens(), _ -> new ArrayList<>()).add(each);
    }
    List<Row> rows = new ArrayList<>();
    byLength.forEach((length, records) -> {
      for (boolean cold : new boolean[] {true, false}) {
        List<Run> some =
            records.stream().filter(record -> (record.iteration() == 1) == cold).toList();
        if (!some.isEmpty() && length >= leastTokens) {
          rows.add(row(source.campaign().name(), length, cold, some, predicted));
        }
      }
    });
    return rows;
  }

  private static Row row(
      String name, int length, boolean cold, List<Run> records, Map<Run, Double> predicted) {
    double measured = records.stream().mapToDouble(Run::meanTtftMillis).average().orElse(0);
    double square =
        records.stream()
            .mapToDouble(record -> Math.pow(record.meanTtftMillis() - measured, 2))
            .average()
            .orElse(0);
    double made =
        records.stream()
            .filter(predicted::containsKey)
            .mapToDouble(record -> predicted.getOrDefault(record, 0.0))
            .average()
            .orElse(0);
    return new Row(name, length, cold, measured, made, Math.sqrt(square) / measured);
  }
}
