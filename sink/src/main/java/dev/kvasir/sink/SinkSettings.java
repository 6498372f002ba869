package dev.kvasir.sink;

import dev.kvasir.sink.warehouse.QueryLimits;
import dev.kvasir.topic.Registry;
import java.nio.file.Path;

/**
 * What the sink works with.
 *
 * @param bootstrapServers Kafka's address
 * @param registry where schemas are looked up
 * @param warehouse the DuckDB file; created when absent
 * @param exports the only folder that exports are written to; created when absent
 * @param doorPort port of the SQL door on the loopback address, or 0 for a free one
 * @param token what a caller of the door must show
 * @param memoryLimitBytes what DuckDB may use
 * @param limits what one query may take
 */
public record SinkSettings(
    String bootstrapServers,
    Registry registry,
    Path warehouse,
    Path exports,
    int doorPort,
    String token,
    long memoryLimitBytes,
    QueryLimits limits) {

  private static final int SHORTEST_TOKEN = 16;
  private static final long LEAST_MEMORY = 64L << 20;
  private static final long USUAL_MEMORY = 384L << 20;

  public SinkSettings {
    if (doorPort < 0 || doorPort > 65_535) {
      throw new IllegalArgumentException(
          "port of the SQL door is " + doorPort + "; it must be from 0 to 65535");
    }
    if (token.length() < SHORTEST_TOKEN) {
      throw new IllegalArgumentException(
          "the token of the SQL door has %d characters; it must have at least %d"
              .formatted(token.length(), SHORTEST_TOKEN));
    }
    if (memoryLimitBytes < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "DuckDB's memory limit is %d bytes; it must be at least %d"
              .formatted(memoryLimitBytes, LEAST_MEMORY));
    }
  }

  /** Settings with the usual memory limit and query limits, on a free port. */
  public static SinkSettings of(
      String bootstrapServers, Registry registry, Path warehouse, Path exports, String token) {
    return new SinkSettings(
        bootstrapServers, registry, warehouse, exports, 0, token, USUAL_MEMORY, QueryLimits.USUAL);
  }

  @Override
  public String toString() {
    return "SinkSettings[bootstrapServers=%s, warehouse=%s, exports=%s, doorPort=%d]"
        .formatted(bootstrapServers, warehouse, exports, doorPort);
  }
}
