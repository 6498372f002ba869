package dev.kvasir.producer.cache;

import dev.kvasir.producer.plan.CachePolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The salts of one execution of a plan.
 *
 * @param execution number of the execution, different from that of any run before
 * @param earlier salts of the runs that are not made again, by their repeat
 */
public record Salts(long execution, Map<Integer, String> earlier) {

  private static final long MIX = 0x9E3779B97F4A7C15L;

  public Salts {
    earlier = Map.copyOf(earlier);
  }

  /**
   * The salt of a run.
   *
   * @param run run number
   * @param repeat repeat of its cell, from 1
   * @param prompts different prompts of the run
   * @param requests requests of a pass; null when a length of time decides
   */
  public Salt of(
      CachePolicy.Salting salting, long run, int repeat, int prompts, @Nullable Integer requests) {
    return switch (salting) {
      case NONE -> Salt.NONE;
      case RUN -> Salt.same(Salt.text(run));
      case REPEAT -> Salt.same(earlier.getOrDefault(repeat, Salt.text(execution + MIX * repeat)));
      case CYCLE -> Salt.cycle(Salt.text(run), prompts, requests);
    };
  }
}
