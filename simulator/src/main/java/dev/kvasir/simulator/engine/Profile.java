package dev.kvasir.simulator.engine;

/**
 * What a simulated server is: its model, its scheduler, its KV memory and what its steps cost.
 *
 * @param name how people call it
 * @param description one sentence for people
 */
public record Profile(
    String name,
    String description,
    Model model,
    Scheduler scheduler,
    KvCache kv,
    Cost cost,
    Output output) {

  public Profile {
    if (kv.tokens() < model.maxContext()) {
      throw new IllegalArgumentException(
          "kv.blocks x kv.block-tokens is %d tokens; expected at least model.max-context, %d, so that one request fits"
              .formatted(kv.tokens(), model.maxContext()));
    }
  }

  /**
   * The model that is served.
   *
   * @param name the model's public name
   * @param maxContext the most tokens of one request, prompt and output together
   */
  public record Model(String name, int maxContext) {
    public Model {
      atLeast("model.max-context", maxContext, 2);
    }
  }

  /**
   * What bounds a step.
   *
   * @param maxSequences the most requests that run at once
   * @param maxStepTokens the most tokens that one step computes; a longer prompt is prefilled in
   *     chunks
   */
  public record Scheduler(int maxSequences, int maxStepTokens) {
    public Scheduler {
      atLeast("scheduler.max-sequences", maxSequences, 1);
      atLeast("scheduler.max-step-tokens", maxStepTokens, 1);
    }
  }

  /**
   * The KV memory of the GPU.
   *
   * @param blockTokens tokens of one block
   * @param blocks blocks in GPU memory
   * @param prefixCache whether full blocks are kept and found again by their prefix
   */
  public record KvCache(int blockTokens, int blocks, boolean prefixCache) {
    public KvCache {
      atLeast("kv.block-tokens", blockTokens, 1);
      atLeast("kv.blocks", blocks, 1);
    }

    /** Tokens that the whole pool holds. */
    public long tokens() {
      return (long) blockTokens * blocks;
    }
  }

  /**
   * What one step costs, in nanoseconds. With t tokens computed, p pairs of a prefilled token and a
   * token that it attends to, d decoding sequences and c tokens of context that these read, a step
   * takes
   *
   * <pre>
   * overhead + max(weights, t x perToken) + p x perPair + c x perContextToken + d x perSequence
   * </pre>
   *
   * a roofline of the linear layers (bound by reading the weights or by computing) plus attention.
   *
   * @param overhead launching and scheduling a step
   * @param weights reading every weight once
   * @param perToken computing the linear layers for one token
   * @param perPair attention of one prefilled token to one token
   * @param perContextToken reading one token of KV for a decoding sequence
   * @param perSequence sampling and bookkeeping of one decoding sequence
   */
  public record Cost(
      double overhead,
      double weights,
      double perToken,
      double perPair,
      double perContextToken,
      double perSequence) {
    public Cost {
      notNegative("cost.step-overhead", overhead);
      notNegative("cost.weights-read", weights);
      notNegative("cost.compute-per-token", perToken);
      notNegative("cost.attention-per-pair", perPair);
      notNegative("cost.kv-read-per-token", perContextToken);
      notNegative("cost.decode-per-sequence", perSequence);
    }
  }

  /**
   * How outputs leave, and how long they are.
   *
   * @param perToken nanoseconds that the front end spends on one output before it leaves; the
   *     outputs of a step leave one after the other
   * @param naturalMedian the median output length, in tokens, of a request that may stop by itself
   * @param naturalSigma the standard deviation of that length's logarithm
   */
  public record Output(double perToken, double naturalMedian, double naturalSigma) {
    public Output {
      notNegative("output.time-per-token", perToken);
      if (!(naturalMedian >= 1)) {
        throw new IllegalArgumentException(
            "output.natural-median is %s; expected at least 1 token".formatted(naturalMedian));
      }
      notNegative("output.natural-sigma", naturalSigma);
    }
  }

  private static void atLeast(String key, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s is %d; expected at least %d".formatted(key, value, least));
    }
  }

  private static void notNegative(String key, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s is %s; expected 0 or more".formatted(key, value));
    }
  }
}
