package dev.kvasir.producer.arrival;

import dev.kvasir.producer.arrival.RateCurve.Step;
import java.util.List;

/** When steps have asked for so many requests. Immutable. */
final class StepTimes {

  private final List<Step> steps;

  /** Requests and seconds before each step, and of all. */
  private final double[] requests;

  private final double[] seconds;

  StepTimes(RateCurve.Steps steps) {
    this.steps = steps.steps();
    this.requests = new double[this.steps.size() + 1];
    this.seconds = new double[this.steps.size() + 1];
    for (int i = 0; i < this.steps.size(); i++) {
      requests[i + 1] = requests[i] + this.steps.get(i).requests();
      seconds[i + 1] = seconds[i] + this.steps.get(i).seconds();
    }
  }

  /** Seconds from the start until they have asked for so many requests; their length at most. */
  double secondsUntil(double asked) {
    int low = 0;
    int high = steps.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (requests[middle + 1] < asked) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == steps.size()
        ? seconds[low]
        : seconds[low] + steps.get(low).secondsUntil(Math.max(0, asked - requests[low]));
  }

  /** The same where the steps begin anew when they have ended. */
  double secondsOfPlaysUntil(double asked) {
    double play = requests[steps.size()];
    double plays = Math.floor(asked / play);
    return plays * seconds[steps.size()] + secondsUntil(Math.max(0, asked - plays * play));
  }
}
