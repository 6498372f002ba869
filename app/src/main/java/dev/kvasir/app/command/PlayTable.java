package dev.kvasir.app.command;

import dev.kvasir.simulator.engine.EngineState;
import dev.kvasir.simulator.replay.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What simulated runs came to, a row each. */
final class PlayTable {

  private final double ttftMillis;
  private final double tpotMillis;
  private final List<List<String>> rows = new ArrayList<>();

  /** Attainment is judged by these limits. */
  PlayTable(double ttftMillis, double tpotMillis) {
    this.ttftMillis = ttftMillis;
    this.tpotMillis = tpotMillis;
  }

  void add(String profile, String strategy, String load, Outcome outcome) {
    EngineState state = outcome.state();
    double prompt = outcome.fates().stream().mapToLong(fate -> fate.work().prompt().length()).sum();
    List<String> reuse = new ArrayList<>();
    outcome.reuse().forEach((source, n) -> reuse.add(source + " " + TextTable.percent(n / prompt)));
    rows.add(
        List.of(
            profile,
            strategy,
            load,
            TextTable.number(outcome.meanTtftMillis()),
            TextTable.number(outcome.ttftMillis(0.5)),
            TextTable.number(outcome.ttftMillis(0.99)),
            TextTable.number(outcome.tpotMillis(0.5)),
            TextTable.number(outcome.tpotMillis(0.99)),
            TextTable.number(outcome.requestsPerSecond()),
            TextTable.number(outcome.outputTokensPerSecond()),
            judged() ? TextTable.percent(outcome.attainment(ttftMillis, tpotMillis)) : "-",
            Long.toString(state.preemptions()),
            shares(state),
            reuse.isEmpty() ? "-" : String.join(", ", reuse)));
  }

  List<String> lines() {
    TextTable table =
        new TextTable(
            List.of(
                "profile",
                "strategy",
                "rate",
                ">TTFT mean",
                ">p50",
                ">p99 ms",
                ">TPOT p50",
                ">p99 ms",
                ">req/s",
                ">tokens/s",
                ">within SLO",
                ">preempted",
                "steps: attention/other/transfer/stall %",
                "prompt tokens found"));
    rows.forEach(table::add);
    return table.lines();
  }

  private boolean judged() {
    return ttftMillis < Double.MAX_VALUE || tpotMillis < Double.MAX_VALUE;
  }

  /** What the steps' time went to. */
  private static String shares(EngineState state) {
    double busy = Math.max(1, state.busyNanos()) / 100;
    return String.format(
        Locale.ROOT,
        "%.0f/%.0f/%.0f/%.0f",
        state.attentionNanos() / busy,
        state.otherNanos() / busy,
        state.transferNanos() / busy,
        state.stallNanos() / busy);
  }
}
