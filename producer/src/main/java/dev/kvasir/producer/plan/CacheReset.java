package dev.kvasir.producer.plan;

/** Something that empties the caches of a server. */
public sealed interface CacheReset {

  /** Whatever the engine offers that the server says it is. */
  record ByEngine() implements CacheReset {}

  /** What an engine offers. */
  enum Known implements CacheReset {
    /** {@code POST /reset_prefix_cache?reset_external=true}, which empties offload tiers too. */
    VLLM("vllm", "/reset_prefix_cache?reset_external=true"),
    /** {@code POST /flush_cache}. */
    SGLANG("sglang", "/flush_cache");

    private final String text;
    private final String path;

    Known(String text, String path) {
      this.text = text;
      this.path = path;
    }

    /** The name that plans use. */
    public String text() {
      return text;
    }

    /** Path and query that are posted to. */
    public String path() {
      return path;
    }
  }

  /**
   * A request.
   *
   * @param method HTTP method
   * @param url an address, or a path on the server
   */
  record Call(String method, String url) implements CacheReset {}

  /**
   * A command that a shell of this host runs.
   *
   * @param shell its text
   */
  record Command(String shell) implements CacheReset {}
}
