package dev.kvasir.app.chaos;

/**
 * A request, or one kind of a run's other events.
 *
 * @param run run number
 * @param ordinal place in the run's schedule, or the number of the kind
 */
record RequestKey(long run, int ordinal) {

  @Override
  public String toString() {
    return run + "/" + ordinal;
  }
}
