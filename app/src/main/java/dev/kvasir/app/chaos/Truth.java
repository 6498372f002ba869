package dev.kvasir.app.chaos;

import dev.kvasir.event.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The log against the simulator's own record. */
final class Truth {

  private static final Emitted NOTHING = new Emitted(0);

  private final LogRecords log;
  private final Map<String, Emitted> emitted;

  Truth(LogRecords log, Map<String, Emitted> emitted) {
    this.log = log;
    this.emitted = emitted;
  }

  /** Nothing in the log may be unknown to the simulator. */
  Finding inventions() {
    List<String> invented = new ArrayList<>();
    long tokens = 0;
    for (Map.Entry<RequestKey, RequestRecords> each : log.requests().entrySet()) {
      String id = id(each.getKey());
      long received = each.getValue().tokens();
      long sent = emitted.getOrDefault(id, NOTHING).tokens();
      tokens += received;
      if (received > sent) {
        invented.add("%s: %d received, %d emitted".formatted(id, received, sent));
      }
    }
    return new Finding(
        "nothing in the log is unknown to the simulator",
        invented.isEmpty(),
        invented.isEmpty()
            ? String.format(Locale.ROOT, "%,d tokens", tokens)
            : "%d requests, such as %s".formatted(invented.size(), invented.getFirst()));
  }

  /** What the simulator emitted and the log lacks belongs to requests or runs that say so. */
  Finding losses() {
    Map<String, RequestKey> keys = new HashMap<>();
    log.requests().keySet().forEach(key -> keys.put(id(key), key));
    Map<String, Long> lacking = new TreeMap<>();
    List<String> unexplained = new ArrayList<>();
    emitted.forEach((id, sent) -> {
      RequestKey key = keys.get(id);
      long received = key == null ? 0 : records(key).tokens();
      if (received < sent.tokens()) {
        String reason = key == null ? "" : explanation(key);
        lacking.merge(reason, sent.tokens() - received, Long::sum);
        if (reason.isEmpty()) {
          unexplained.add("%s: %d received, %d emitted".formatted(id, received, sent.tokens()));
        }
      }
    });
    return new Finding(
        "each token that the log lacks belongs to a request that says so",
        unexplained.isEmpty(),
        unexplained.isEmpty()
            ? lacking.entrySet().stream()
                .map(each -> String.format(Locale.ROOT, "%,d %s", each.getValue(), each.getKey()))
                .collect(Collectors.joining(", "))
            : "%d do not, such as %s".formatted(unexplained.size(), unexplained.getFirst()));
  }

  /** Why tokens of a request may be lacking; empty if nothing says so. */
  private String explanation(RequestKey key) {
    Outcome outcome = records(key).outcome();
    if (outcome != null && outcome != Outcome.OK) {
      return outcome.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    RunRecords run = log.runs().get(key.run());
    boolean runSaysSo =
        run != null
            && run.reasons().stream().anyMatch(reason -> reason.contains("never reached the log"));
    return outcome != null && runSaysSo ? "never-reached-the-log" : "";
  }

  private RequestRecords records(RequestKey key) {
    return Objects.requireNonNull(log.requests().get(key));
  }

  private String id(RequestKey key) {
    RunRecords run = log.runs().get(key.run());
    return (run == null ? Long.toString(key.run()) : run.id()) + "/" + key.ordinal();
  }
}
