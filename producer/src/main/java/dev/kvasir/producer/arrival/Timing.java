package dev.kvasir.producer.arrival;

/** What decides when the requests of an open loop are due. */
public sealed interface Timing {

  /** The timing as a short text of the characters {@code a-z 0-9 . = - _}. */
  String text();

  /**
   * A rate, and how the gaps are spread around it.
   *
   * @param process how gaps are spread
   * @param curve the rate
   */
  record Rated(ArrivalProcess process, RateCurve curve) implements Timing {

    /** Whether everything is due at once. */
    public boolean isAllAtOnce() {
      return curve instanceof RateCurve.Fixed(double rate) && Double.isInfinite(rate);
    }

    @Override
    public String text() {
      if (isAllAtOnce()) {
        return curve.text();
      }
      return curve.text()
          + switch (process) {
            case ArrivalProcess.Poisson() -> "";
            case ArrivalProcess.Constant() -> "-constant";
            case ArrivalProcess.Gamma(double burstiness) ->
                "-burstiness=" + PlainNumber.of(burstiness);
          };
    }
  }

  /**
   * The time stamps of the workload's trace.
   *
   * @param speed how many times faster than in the trace, above 0 and finite
   */
  record Traced(double speed) implements Timing {
    public Traced {
      if (!(speed > 0) || Double.isInfinite(speed)) {
        throw new IllegalArgumentException("speed is " + speed + "; it must be above 0 and finite");
      }
    }

    @Override
    public String text() {
      return "trace-speed=" + PlainNumber.of(speed);
    }
  }

  /**
   * Times from a file.
   *
   * @param name short name, of the characters {@code a-z 0-9 . - _}
   * @param file full name of the file
   * @param schedule what it says
   */
  record Listed(String name, String file, Schedule schedule) implements Timing {
    @Override
    public String text() {
      return "schedule=" + name;
    }
  }
}
