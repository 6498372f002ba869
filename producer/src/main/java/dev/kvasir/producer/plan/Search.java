package dev.kvasir.producer.plan;

import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.search.SearchSettings;
import org.jspecify.annotations.Nullable;

/**
 * A search for the highest rate that users can bear, instead of load points.
 *
 * @param settings what it looks for
 * @param process how gaps are spread
 * @param maxInFlight cap on requests in flight; null for none
 */
public record Search(
    SearchSettings settings, ArrivalProcess process, @Nullable Integer maxInFlight) {

  public LoadPoint at(double rate) {
    return new LoadPoint.Open(process, rate, maxInFlight);
  }
}
