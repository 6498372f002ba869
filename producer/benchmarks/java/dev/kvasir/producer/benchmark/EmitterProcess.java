package dev.kvasir.producer.benchmark;

import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.loopback.Emitter;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/**
 * A recording loopback emitter in a process of its own. Argument: tokens per second of a stream.
 * Prints its address and emits until its standard input ends.
 */
final class EmitterProcess {

  private EmitterProcess() {}

  public static void main(String[] args) throws IOException {
    Precedence.measureFirst();
    Duration period = Duration.ofSeconds(1).dividedBy(Integer.parseInt(args[0]));
    try (Emitter emitter = Emitter.recording(period, Ticker.system())) {
      System.out.println(emitter.url());
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
