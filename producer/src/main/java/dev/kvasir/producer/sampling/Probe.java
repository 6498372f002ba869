package dev.kvasir.producer.sampling;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that is measured each second. One thread uses it. */
interface Probe extends AutoCloseable {

  /** The values now; empty when there are none, which it logs once. */
  List<Reading> read() throws InterruptedException;

  /** What is measured, as the plan calls it. */
  String name();

  /** Why it gives nothing, or nothing any more; null while it does. */
  @Nullable String failure();

  @Override
  void close();
}
