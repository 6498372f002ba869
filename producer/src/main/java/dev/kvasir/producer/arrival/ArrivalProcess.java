package dev.kvasir.producer.arrival;

/** How the gaps between requests are spread at a given rate. */
public sealed interface ArrivalProcess {

  /** The name that plans use. */
  String text();

  /** Equal gaps. */
  record Constant() implements ArrivalProcess {
    @Override
    public String text() {
      return "constant";
    }
  }

  /** Exponential gaps. */
  record Poisson() implements ArrivalProcess {
    @Override
    public String text() {
      return "poisson";
    }
  }

  /**
   * Gamma-distributed gaps.
   *
   * @param burstiness shape of the distribution, above 0; 1 is Poisson, less is burstier
   */
  record Gamma(double burstiness) implements ArrivalProcess {
    public Gamma {
      if (!(burstiness > 0) || Double.isInfinite(burstiness)) {
        throw new IllegalArgumentException("burstiness is " + burstiness + "; it must be above 0");
      }
    }

    @Override
    public String text() {
      return "gamma";
    }
  }
}
