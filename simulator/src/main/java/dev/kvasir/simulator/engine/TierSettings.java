package dev.kvasir.simulator.engine;

/**
 * A place below GPU memory where KV is kept.
 *
 * @param name such as cpu, disk, gds or remote
 * @param capacity bytes
 * @param readBandwidth bytes a nanosecond (GB/s) towards the GPU
 * @param writeBandwidth bytes a nanosecond (GB/s) from the GPU
 * @param latency nanoseconds of one operation, which moves one chunk
 * @param concurrency operations under way at once
 * @param duplex whether reads and writes do not share one line
 * @param chunkTokens tokens that are found, moved and evicted together; a multiple of a block
 * @param partialChunks whether the end of a prompt that fills no chunk is kept as well
 * @param loading what waits while KV is read
 * @param storing when KV is written
 * @param writeBuffer bytes that may wait to be written before computing waits for them
 */
public record TierSettings(
    String name,
    double capacity,
    double readBandwidth,
    double writeBandwidth,
    double latency,
    int concurrency,
    boolean duplex,
    int chunkTokens,
    boolean partialChunks,
    Loading loading,
    Storing storing,
    double writeBuffer) {

  /** What waits while KV is read. */
  public enum Loading {
    /** The step that admits the request. */
    BLOCK,
    /** That step's computing goes on beside it, layer by layer. */
    LAYERWISE,
    /** Only the request. */
    ASYNC
  }

  /** When KV is written. */
  public enum Storing {
    /** As soon as a chunk of a prompt has been computed. */
    THROUGH,
    /** When the tier above needs its room. */
    BACK,
    /** Never: what is found there came by another way. */
    NEVER
  }

  public TierSettings {
    positive(name + ".capacity", capacity);
    positive(name + ".read-bandwidth", readBandwidth);
    positive(name + ".write-bandwidth", writeBandwidth);
    positive(name + ".chunk-tokens", chunkTokens);
    positive(name + ".concurrency", concurrency);
  }

  private static void positive(String key, double value) {
    if (!(value > 0)) {
      throw new IllegalArgumentException("%s is %s; expected more than 0".formatted(key, value));
    }
  }
}
