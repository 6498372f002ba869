package dev.kvasir.producer.workload;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What prompts cost in a server's KV cache.
 *
 * @param bytesPerToken bytes that one token takes in all layers, at least 1
 * @param target how much of the cache runs are to fill; null when the number of prompts decides
 */
public record KvSizing(long bytesPerToken, @Nullable Target target) {

  public KvSizing {
    if (bytesPerToken < 1) {
      throw new IllegalArgumentException(bytesPerToken + " bytes per token");
    }
  }

  /** Bytes of a token's keys and values: {@code 2 · layers · kvHeads · headDim · bytes}. */
  public static long bytesPerToken(int layers, int kvHeads, int headDim, double bytes) {
    return Math.round(2.0 * layers * kvHeads * headDim * bytes);
  }

  /**
   * Bytes of a token's compressed keys and values in multi-head latent attention: {@code layers ·
   * latent · bytes}, where {@code latent} is the rank of the compression and the rotary part
   * together (512 + 64 for DeepSeek-V3).
   */
  public static long latentBytesPerToken(int layers, int latent, double bytes) {
    return Math.round((double) layers * latent * bytes);
  }

  /** How much of the cache runs are to fill. */
  public sealed interface Target {

    /** The points that it makes, one for each amount. */
    List<Point> points();
  }

  /**
   * So many prompts that their tokens take these bytes.
   *
   * @param sizes amounts as they are written, at least one
   */
  public record Bytes(List<Size> sizes) implements Target {
    public Bytes {
      sizes = List.copyOf(sizes);
    }

    @Override
    public List<Point> points() {
      return sizes.stream().map(size -> new Point("kv-bytes", size.text(), size.bytes())).toList();
    }
  }

  /**
   * So many groups, or such long prefixes, that what prompts share takes a multiple of a capacity.
   *
   * @param of the capacity
   * @param times multiples, at least one, above 0
   * @param lengths whether the shared lengths follow from it; else the number of groups
   * @param promptsPerGroup prompts that share one prefix; null when their number is fixed
   */
  public record WorkingSet(
      Size of, List<Double> times, boolean lengths, @Nullable Integer promptsPerGroup)
      implements Target {
    public WorkingSet {
      times = List.copyOf(times);
    }

    @Override
    public List<Point> points() {
      return times.stream()
          .map(each -> new Point("working-set", plain(each) + "x" + of.text(), bytes(each)))
          .toList();
    }

    private long bytes(double multiple) {
      return Math.round(of.bytes() * multiple);
    }

    private static String plain(double number) {
      return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
    }
  }

  /**
   * An amount of memory.
   *
   * @param text as it is written, such as {@code 50GB} (10⁹) or {@code 16GiB} (2³⁰)
   * @param bytes above 0
   */
  public record Size(String text, long bytes) {}

  /**
   * One amount.
   *
   * @param parameter name of what is varied
   * @param value the amount as text
   * @param bytes the amount
   */
  public record Point(String parameter, String value, long bytes) {}
}
