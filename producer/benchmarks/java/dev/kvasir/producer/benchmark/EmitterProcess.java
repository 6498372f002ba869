package dev.kvasir.producer.benchmark;

import dev.kvasir.producer.loopback.Emitter;
import dev.kvasir.time.Ticker;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * A loopback emitter in a process of its own. Prints its address, emits until its standard input
 * ends, and then writes every emission to a file: ordinal, index and nanoseconds of the machine's
 * monotonic clock.
 */
final class EmitterProcess {

  private long[] emissions = new long[1 << 20];
  private int length;

  public static void main(String[] args) throws IOException {
    EmitterProcess process = new EmitterProcess();
    Duration period = Duration.ofNanos(Long.parseLong(args[0]));
    try (Emitter emitter = Emitter.start(period, Ticker.system(), process::emitted)) {
      System.out.println(emitter.url());
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
    process.write(Path.of(args[1]));
  }

  private void emitted(int ordinal, int index, long nanos) {
    if (ordinal < 0) {
      return;
    }
    if (length == emissions.length) {
      emissions = Arrays.copyOf(emissions, length * 2);
    }
    emissions[length++] = ((long) ordinal << 32) | index;
    emissions[length++] = nanos;
  }

  private void write(Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new java.io.BufferedOutputStream(Files.newOutputStream(file)))) {
      for (int i = 0; i < length; i++) {
        out.writeLong(emissions[i]);
      }
    }
  }
}
