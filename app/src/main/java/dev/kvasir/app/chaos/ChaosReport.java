package dev.kvasir.app.chaos;

import dev.kvasir.app.chaos.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What happened, and what was found afterwards.
 *
 * @param settings what was asked for
 * @param casualties every fault, in order
 * @param findings what must hold
 * @param ownEnds exit statuses of processes that ended by themselves and were started again
 * @param took how long it took
 */
public record ChaosReport(
    Chaos.Settings settings,
    List<Casualty> casualties,
    List<Finding> findings,
    List<Integer> ownEnds,
    Duration took) {

  public ChaosReport {
    casualties = List.copyOf(casualties);
    findings = List.copyOf(findings);
    ownEnds = List.copyOf(ownEnds);
  }

  /** Whether everything holds that must. */
  public boolean allHolds() {
    return findings.stream().allMatch(Finding::holds)
        && casualties.stream().allMatch(each -> each.backAfter() != null);
  }

  /** How often a process was killed. */
  public long kills() {
    return casualties.stream().filter(each -> each.fault().kind() == Kind.KILL).count();
  }

  /** A row for each process and kind of fault: how many, and times until it was back, s. */
  public List<List<String>> faults() {
    List<List<String>> rows = new ArrayList<>();
    for (Part part : Part.values()) {
      for (Kind kind : Kind.values()) {
        List<Casualty> these =
            casualties.stream()
                .filter(each -> each.fault().part() == part && each.fault().kind() == kind)
                .toList();
        if (!these.isEmpty()) {
          List<Double> times = times(these);
          rows.add(
              List.of(
                  part.toString(),
                  kind.text(),
                  Integer.toString(these.size()),
                  number(quantile(times, 0.5)),
                  number(quantile(times, 1)),
                  Integer.toString(these.size() - times.size())));
        }
      }
    }
    return rows;
  }

  private static List<Double> times(List<Casualty> casualties) {
    List<Double> times = new ArrayList<>();
    for (Casualty each : casualties) {
      Duration after = each.backAfter();
      if (after != null) {
        times.add(after.toMillis() / 1e3);
      }
    }
    times.sort(null);
    return times;
  }

  private static @Nullable Double quantile(List<Double> sorted, double q) {
    return sorted.isEmpty() ? null : sorted.get((int) Math.ceil(q * (sorted.size() - 1)));
  }

  private static String number(@Nullable Double seconds) {
    return seconds == null ? "-" : String.format(Locale.ROOT, "%.1f", seconds);
  }
}
