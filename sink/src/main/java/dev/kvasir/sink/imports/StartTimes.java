package dev.kvasir.sink.imports;

import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * When requests left, where a file does not say: evenly at the rate, each waiting for a free place
 * when only so many may be in flight.
 */
final class StartTimes {

  private StartTimes() {}

  static void reconstruct(
      List<ImportedRequest> requests, @Nullable Double rate, @Nullable Integer concurrency) {
    double gap = rate == null || rate <= 0 || Double.isInfinite(rate) ? 0 : 1e9 / rate;
    PriorityQueue<Long> places = new PriorityQueue<>();
    for (int place = 0; place < requests.size(); place++) {
      ImportedRequest request = requests.get(place);
      long start = Math.round(place * gap);
      if (concurrency != null && concurrency > 0 && places.size() >= concurrency) {
        start = Math.max(start, places.remove());
      }
      places.add(start + Math.round(request.toEnd() * 1e9));
      requests.set(place, request.at(request.ordinal(), request.phase(), request.pass(), start));
    }
  }
}
