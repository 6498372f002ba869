package dev.kvasir.streams.pane;

import org.jspecify.annotations.Nullable;

/** Where state is kept: a value under a key, or null to take the key away. */
@FunctionalInterface
public interface StateWriter {

  void write(byte[] key, byte @Nullable [] value);
}
