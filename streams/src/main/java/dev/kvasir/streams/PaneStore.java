package dev.kvasir.streams;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.internals.WrappedStateStore;

/**
 * A changelogged in-memory store that asks its owner for changes right before every commit, so that
 * a commit covers what its task has seen. Owned by its task's thread.
 */
final class PaneStore extends WrappedStateStore<KeyValueStore<byte[], byte[]>, byte[], byte[]> {

  private Runnable beforeCommit = () -> {};

  private PaneStore(KeyValueStore<byte[], byte[]> entries) {
    super(entries);
  }

  /** Where the entries lie. */
  KeyValueStore<byte[], byte[]> entries() {
    return wrapped();
  }

  /** Sets what writes the changes. */
  void beforeCommit(Runnable save) {
    beforeCommit = save;
  }

  @Override
  public void flushCache() {
    beforeCommit.run();
    super.flushCache();
  }

  @Override
  public void close() {
    beforeCommit = () -> {};
    super.close();
  }

  /** Makes the store with a changelog. */
  static final class Builder implements StoreBuilder<PaneStore> {

    private final StoreBuilder<KeyValueStore<byte[], byte[]>> entries;

    Builder(String name) {
      entries =
          Stores.keyValueStoreBuilder(
              Stores.inMemoryKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray());
    }

    @Override
    public PaneStore build() {
      return new PaneStore(entries.build());
    }

    @Override
    public StoreBuilder<PaneStore> withCachingEnabled() {
      throw new UnsupportedOperationException("the owner of the store is its cache");
    }

    @Override
    public StoreBuilder<PaneStore> withCachingDisabled() {
      return this;
    }

    @Override
    public StoreBuilder<PaneStore> withLoggingEnabled(Map<String, String> config) {
      entries.withLoggingEnabled(config);
      return this;
    }

    @Override
    public StoreBuilder<PaneStore> withLoggingDisabled() {
      throw new UnsupportedOperationException("what is not in a changelog is lost in a crash");
    }

    @Override
    public Map<String, String> logConfig() {
      return entries.logConfig();
    }

    @Override
    public boolean loggingEnabled() {
      return entries.loggingEnabled();
    }

    @Override
    public String name() {
      return entries.name();
    }
  }
}
