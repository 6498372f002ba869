package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.Profile;
import java.util.SplittableRandom;

/**
 * What the model would say: how many tokens and which. Equal prompts have equal answers under one
 * seed, whatever the profile's memory is.
 *
 * @param tokens how many tokens, at most what was asked for
 * @param stopped whether it ends by itself
 * @param seed of its words
 */
record Answer(int tokens, boolean stopped, long seed) {

  static Answer to(ApiRequest request, Profile.Output output, long serverSeed) {
    long seed = serverSeed ^ request.seed();
    for (int id : request.prompt()) {
      seed = mix(seed ^ id);
    }
    if (request.ignoreEos()) {
      return new Answer(request.maxTokens(), false, seed);
    }
    double deviations = new SplittableRandom(seed).nextGaussian();
    double natural = output.naturalMedian() * Math.exp(output.naturalSigma() * deviations);
    long wanted = Math.max(Math.max(1, request.minTokens()), Math.round(natural));
    int length = (int) Math.min(request.maxTokens(), wanted);
    return new Answer(length, length < request.maxTokens(), seed);
  }

  /** The id of its {@code index}-th token. */
  int token(int index) {
    return (int) (mix(seed + index) & (TextTokens.WORDS - 1));
  }

  String finishReason() {
    return stopped ? "stop" : "length";
  }

  /** SplitMix64's finalizer. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
