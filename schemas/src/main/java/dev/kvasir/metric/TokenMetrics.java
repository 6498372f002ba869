package dev.kvasir.metric;

import dev.kvasir.event.Phase;
import dev.kvasir.event.TokenReceived;
import org.jspecify.annotations.Nullable;

/** What one chunk tells: gaps in nanoseconds, and the meaning of its flags. */
public final class TokenMetrics {

  private static final int PHASE_BITS = 0b011;
  private static final int REASONING_BIT = 0b100;
  private static final int IMPORTED_BIT = 0b1000;
  private static final int EPOCH_SHIFT = 8;

  private TokenMetrics() {}

  /** Gap to the previous content chunk: vLLM's inter-token latency; null on the first chunk. */
  public static @Nullable Long itlChunk(TokenReceived chunk) {
    return chunk.getGapNanos();
  }

  /**
   * Gap to the previous content chunk divided by the tokens in this one; null on the first chunk
   * and where the number of tokens is unknown or zero.
   */
  public static @Nullable Double itlToken(TokenReceived chunk) {
    Long gap = chunk.getGapNanos();
    Integer tokens = chunk.getTokens();
    return gap == null || tokens == null || tokens == 0 ? null : (double) gap / tokens;
  }

  /** The flags of a chunk. */
  public static int flags(Phase phase, boolean reasoning) {
    int bits =
        switch (phase) {
          case WARM_UP -> 0;
          case MEASURE -> 1;
          case COOL_DOWN -> 2;
        };
    return reasoning ? bits | REASONING_BIT : bits;
  }

  /** The flags of a chunk that was taken under a lease epoch. */
  public static int flags(Phase phase, boolean reasoning, int epoch) {
    return flags(phase, reasoning) | epoch << EPOCH_SHIFT;
  }

  /** The lease epoch under which a chunk was taken; 0 where nobody shared the run. */
  public static int epoch(TokenReceived chunk) {
    return chunk.getFlags() >>> EPOCH_SHIFT;
  }

  /** The flags of a chunk that was imported. */
  public static int importedFlags(Phase phase) {
    return flags(phase, false) | IMPORTED_BIT;
  }

  /** Whether the chunk was imported, so that no window counts it. */
  public static boolean imported(TokenReceived chunk) {
    return (chunk.getFlags() & IMPORTED_BIT) != 0;
  }

  /**
   * The phase in a chunk's flags.
   *
   * @throws IllegalArgumentException if the bits name no phase
   */
  public static Phase phase(TokenReceived chunk) {
    return switch (chunk.getFlags() & PHASE_BITS) {
      case 0 -> Phase.WARM_UP;
      case 1 -> Phase.MEASURE;
      case 2 -> Phase.COOL_DOWN;
      default -> throw new IllegalArgumentException("flags " + chunk.getFlags() + " name no phase");
    };
  }

  /** Whether the chunk is measured. */
  public static boolean measured(TokenReceived chunk) {
    return (chunk.getFlags() & PHASE_BITS) == 1;
  }

  /** Whether the chunk is reasoning. */
  public static boolean reasoning(TokenReceived chunk) {
    return (chunk.getFlags() & REASONING_BIT) != 0;
  }
}
