package dev.kvasir.producer.calibration;

/**
 * A load of equal streams.
 *
 * @param streams streams at the same time
 * @param tokensPerSecond tokens per second of each stream
 * @param seconds how long each stream lasts
 */
public record Trial(int streams, int tokensPerSecond, int seconds) {

  public Trial {
    if (streams < 1 || tokensPerSecond < 1 || seconds < 1) {
      throw new IllegalArgumentException(
          "%d streams of %d tokens/s for %d s; each must be at least 1"
              .formatted(streams, tokensPerSecond, seconds));
    }
  }

  /** Tokens of each stream. */
  int tokens() {
    return tokensPerSecond * seconds;
  }
}
