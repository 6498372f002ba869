package dev.kvasir.producer;

import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Search;
import dev.kvasir.producer.plan.Variant;
import dev.kvasir.producer.search.Finding;
import dev.kvasir.producer.search.RateSearch;
import dev.kvasir.producer.search.Tally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The runs of a plan's search, variant after variant; what was run before is taken as it was. */
final class SearchAgenda implements Agenda {

  private final Plan plan;
  private final Search search;
  private final EarlierRuns earlier;
  private final Queue<Variant> left;
  private final List<Found> findings = new ArrayList<>();
  private @Nullable Variant variant;
  private RateSearch rates;
  private final Map<Double, Long> runs = new HashMap<>();
  private final Map<Double, Verdict> doubtful = new TreeMap<>();
  private double rate;
  private long lastRun;

  SearchAgenda(Plan plan, Search search, EarlierRuns earlier) {
    this.plan = plan;
    this.search = search;
    this.earlier = earlier;
    this.left = new ArrayDeque<>(plan.variants());
    this.rates = new RateSearch(search.settings());
    this.variant = left.poll();
  }

  @Override
  public Optional<RunSpec> next() {
    while (variant != null) {
      Optional<RateSearch.Trial> trial = rates.next();
      if (trial.isEmpty()) {
        finish(variant);
        continue;
      }
      RunSpec run = Matrix.trial(plan, search, variant, trial.get());
      rate = trial.get().rate();
      Optional<EarlierRuns.Earlier> before = earlier.of(run);
      if (before.isEmpty()) {
        return Optional.of(run);
      }
      take(before.get().run(), before.get().tally());
    }
    return Optional.empty();
  }

  /**
   * Takes a result; a run that was stopped leaves its rate undecided, one that proves nothing is
   * noted.
   */
  @Override
  public void ended(RunResult result) {
    Verdict verdict = result.finished().getVerdict();
    if (verdict == Verdict.ABORTED) {
      return;
    }
    if (!result.isSettled()) {
      doubtful.put(rate, verdict);
    }
    take(result.finished().getRun(), result.tally());
  }

  private void take(long run, Tally tally) {
    lastRun = run;
    runs.put(rate, run);
    rates.ended(tally);
  }

  private void finish(Variant done) {
    Finding finding = rates.finding();
    long run =
        finding.holds().map(holds -> runs.getOrDefault(holds.rate(), lastRun)).orElse(lastRun);
    findings.add(new Found(done.text(), finding, run, new TreeMap<>(doubtful)));
    variant = left.poll();
    rates = new RateSearch(search.settings());
    runs.clear();
    doubtful.clear();
  }

  @Override
  public List<Found> takeFindings() {
    List<Found> taken = List.copyOf(findings);
    findings.clear();
    return taken;
  }
}
