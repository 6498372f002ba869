package dev.kvasir.producer.sampling;

import java.util.List;

/** Something that is measured each second. One thread uses it. */
interface Probe extends AutoCloseable {

  /** The values now; empty when there are none, which it logs once. */
  List<Reading> read() throws InterruptedException;

  @Override
  void close();
}
