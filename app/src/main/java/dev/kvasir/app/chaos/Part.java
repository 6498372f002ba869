package dev.kvasir.app.chaos;

import java.util.Locale;
import java.util.Set;

/** A process that faults befall. */
enum Part {
  BROKER,
  PRODUCER,
  STREAMS,
  SINK,
  SIMULATOR;

  /** The processes without which this one does nothing new. */
  Set<Part> needs() {
    return switch (this) {
      case BROKER, SIMULATOR -> Set.of();
      case PRODUCER -> Set.of(BROKER, SIMULATOR);
      case STREAMS, SINK -> Set.of(BROKER, PRODUCER);
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
