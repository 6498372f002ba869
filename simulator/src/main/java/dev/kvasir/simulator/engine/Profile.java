package dev.kvasir.simulator.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated server is: its model, its scheduler, its KV memory and what its steps cost.
 *
 * @param name how people call it
 * @param description one sentence for people
 * @param tiers where KV is kept below GPU memory
 * @param layout the engines that serve it together
 * @param faults what goes wrong by the clock
 */
public record Profile(
    String name,
    String description,
    Model model,
    Scheduler scheduler,
    KvCache kv,
    Cost cost,
    Output output,
    Tiers tiers,
    Layout layout,
    Faults faults) {

  /** One engine without tiers below GPU memory, and without faults. */
  public Profile(
      String name,
      String description,
      Model model,
      Scheduler scheduler,
      KvCache kv,
      Cost cost,
      Output output) {
    this(
        name, description, model, scheduler, kv, cost, output, Tiers.NONE, Layout.ONE, Faults.NONE);
  }

  public Profile {
    checkTiers(tiers.below(), kv);
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
   * @param gpuBytes GPU memory that it takes in all, with KV and buffers; 0 for unknown
   */
  public record Model(String name, int maxContext, double gpuBytes) {
    /** A model of unknown size. */
    public Model(String name, int maxContext) {
      this(name, maxContext, 0);
    }

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
   * @param swapBytes memory beside the GPU for the KV of preempted requests; 0 to compute them
   *     again
   * @param swapBandwidth bytes a nanosecond (GB/s) to and from it
   */
  public record Scheduler(
      int maxSequences, int maxStepTokens, double swapBytes, double swapBandwidth) {
    public Scheduler {
      atLeast("scheduler.max-sequences", maxSequences, 1);
      atLeast("scheduler.max-step-tokens", maxStepTokens, 1);
    }

    /** Preempted requests are computed again. */
    public Scheduler(int maxSequences, int maxStepTokens) {
      this(maxSequences, maxStepTokens, 0, 1);
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
   * overhead + max(weights(t), t x perToken) + p x perPair + c x perContextToken + d x perSequence
   * </pre>
   *
   * a roofline of the linear layers (bound by reading the weights or by computing) plus attention.
   * weights(t) = weights + expertWeights x (1 - (1 - expertShare)^t): of a mixture of experts, t
   * tokens read those that at least one of them needs.
   *
   * @param overhead launching and scheduling a step
   * @param weights reading once every weight that each token needs
   * @param perToken computing the linear layers for one token
   * @param perPair attention of one prefilled token to one token
   * @param perContextToken reading one token of KV for a decoding sequence
   * @param perSequence sampling and bookkeeping of one decoding sequence
   * @param expertWeights reading every expert once
   * @param expertShare share of the experts that one token needs, 0 to 1
   */
  public record Cost(
      double overhead,
      double weights,
      double perToken,
      double perPair,
      double perContextToken,
      double perSequence,
      double expertWeights,
      double expertShare) {
    /** A model whose every weight each token needs. */
    public Cost(
        double overhead,
        double weights,
        double perToken,
        double perPair,
        double perContextToken,
        double perSequence) {
      this(overhead, weights, perToken, perPair, perContextToken, perSequence, 0, 1);
    }

    /** Reading the weights that a step with this many tokens needs. */
    double weightsNanos(long tokens) {
      return expertWeights == 0
          ? weights
          : weights + expertWeights * (1 - Math.pow(1 - expertShare, (double) tokens));
    }

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
   * @param tokensPerEvent tokens that leave together; the first one leaves alone
   * @param perRequest nanoseconds that the front end spends on reading one request; they are read
   *     one after the other
   */
  public record Output(
      double perToken,
      double naturalMedian,
      double naturalSigma,
      int tokensPerEvent,
      double perRequest) {
    /** Every token leaves by itself. */
    public Output(double perToken, double naturalMedian, double naturalSigma) {
      this(perToken, naturalMedian, naturalSigma, 1, 0);
    }

    public Output {
      atLeast("output.tokens-per-event", tokensPerEvent, 1);
      notNegative("output.time-per-token", perToken);
      if (!(naturalMedian >= 1)) {
        throw new IllegalArgumentException(
            "output.natural-median is %s; expected at least 1 token".formatted(naturalMedian));
      }
      notNegative("output.natural-sigma", naturalSigma);
    }
  }

  /**
   * Where KV is kept below GPU memory.
   *
   * @param below the tiers, from the highest on
   * @param bytesPerToken of the KV that one worker moves; where each GPU of several holds a part,
   *     of all parts together, with bandwidths to match
   * @param promptOnly whether the KV of output tokens is not stored
   * @param lookup nanoseconds by which looking one request up lengthens a step
   */
  public record Tiers(
      List<TierSettings> below, double bytesPerToken, boolean promptOnly, double lookup) {
    public static final Tiers NONE = new Tiers(List.of(), 1, true, 0);

    public Tiers {
      below = List.copyOf(below);
    }
  }

  /**
   * The engines that serve it together.
   *
   * @param replicas engines that do everything; 0 if there is a split
   * @param split null if there is none
   */
  public record Layout(int replicas, @Nullable Split split) {
    /** One engine that does everything. */
    public static final Layout ONE = new Layout(1, null);

    public Layout {
      if ((replicas > 0) == (split != null)) {
        throw new IllegalArgumentException(
            "%d replicas %s a split; expected one of the two"
                .formatted(replicas, split == null ? "without" : "and"));
      }
    }

    /** How many engines there are. */
    public int engines() {
      return split == null ? replicas : split.prefill() + split.decode();
    }
  }

  /**
   * Prompts are prefilled by some engines, and their answers decoded by others.
   *
   * @param prefill engines that prefill
   * @param decode engines that decode
   * @param bandwidth bytes a nanosecond (GB/s) that KV moves at from one to the other
   * @param latency nanoseconds of one handover
   * @param pushTokens KV is pushed in chunks of so many tokens as it is computed; 0 if it is pulled
   *     as a whole once the prompt is prefilled
   * @param prefillAnswersFirst whether the first token leaves from the engine that prefilled
   */
  public record Split(
      int prefill,
      int decode,
      double bandwidth,
      double latency,
      int pushTokens,
      boolean prefillAnswersFirst) {
    public Split {
      atLeast("split.prefill", prefill, 1);
      atLeast("split.decode", decode, 1);
    }
  }

  /**
   * What goes wrong by the clock, in nanoseconds since the start.
   *
   * @param crashAfter when the server breaks every connection and listens no more; 0 for never
   * @param clockSkew by how much its wall clock is ahead; may be negative
   * @param pressureShare share of its KV blocks that something else takes, 0 to 1
   * @param pressureFrom from when on
   * @param pressureUntil until when
   */
  public record Faults(
      long crashAfter,
      long clockSkew,
      double pressureShare,
      long pressureFrom,
      long pressureUntil) {
    public static final Faults NONE = new Faults(0, 0, 0, 0, 0);
  }

  private static void checkTiers(List<TierSettings> tiers, KvCache kv) {
    int above = kv.blockTokens();
    for (TierSettings tier : tiers) {
      if (tier.chunkTokens() % kv.blockTokens() != 0) {
        throw new IllegalArgumentException(
            "%s.chunk-tokens is %d; expected a multiple of kv.block-tokens, %d"
                .formatted(tier.name(), tier.chunkTokens(), kv.blockTokens()));
      }
      boolean first = tier.equals(tiers.getFirst());
      boolean fits = tier.chunkTokens() == above && (!first || kv.prefixCache());
      if (tier.storing() == TierSettings.Storing.BACK && !fits) {
        throw new IllegalArgumentException(
            "%s.storing is back with chunks of %d tokens; expected the %d of what is evicted above it%s"
                .formatted(
                    tier.name(),
                    tier.chunkTokens(),
                    above,
                    first ? ", GPU memory with a prefix cache" : ""));
      }
      above = tier.chunkTokens();
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
