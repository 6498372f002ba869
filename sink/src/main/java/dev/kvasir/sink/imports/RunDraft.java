package dev.kvasir.sink.imports;

import dev.kvasir.event.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a format's reader has learnt of one run; {@link RunAssembly} makes the run of it. */
final class RunDraft {

  /** Times of the requests' starts. */
  enum StartTimes {
    /** The file has them. */
    RECORDED,
    /** They follow from the load and the latencies. */
    RECONSTRUCTED
  }

  final String format;
  final String hash;
  final @Nullable Long position;

  String file = "unknown";
  @Nullable String experiment;
  String strategy = "unknown";
  final Map<String, String> parameters = new LinkedHashMap<>();
  final Map<String, String> declared = new TreeMap<>();
  final Map<String, String> derived = new TreeMap<>();
  final Map<String, String> metadata = new TreeMap<>();
  @Nullable Integer repeat;

  @Nullable Double rate;
  String arrivals = "poisson";
  @Nullable Double burstiness;
  @Nullable Integer concurrency;

  String model = "unknown";
  String url = "unknown";
  String protocol = "unknown";
  @Nullable String engine;
  @Nullable String engineVersion;
  @Nullable Integer gpus;
  String workload = "unknown";
  String workloadHash = "unknown";
  @Nullable Integer outputTokens;
  @Nullable Long seed;
  @Nullable Long planned;
  long timeoutNanos;

  @Nullable Long startAt;
  boolean startIsKnown = true;
  @Nullable Double durationSeconds;
  StartTimes startTimes = StartTimes.RECORDED;
  final List<ImportedRequest> requests = new ArrayList<>();
  final List<Figure> figures = new ArrayList<>();
  @Nullable Verdict verdict;
  final List<String> reasons = new ArrayList<>();

  /**
   * @param format tool and format
   * @param hash SHA-256 of the record
   * @param position place of the record in its file; null for the whole file
   */
  RunDraft(String format, String hash, @Nullable Long position) {
    this.format = format;
    this.hash = hash;
    this.position = position;
  }

  void figure(String metric, @Nullable Double value, String unit, String definition) {
    if (value != null && !Double.isNaN(value)) {
      figures.add(new Figure(metric, value, unit, definition));
    }
  }

  @Nullable Double figure(String metric) {
    return figures.stream()
        .filter(each -> each.metric().equals(metric))
        .map(Figure::value)
        .findFirst()
        .orElse(null);
  }

  /** Declares a label unless its value is unknown. */
  void declare(String label, @Nullable String value) {
    if (value != null && !value.isBlank()) {
      declared.put(label, value);
    }
  }
}
