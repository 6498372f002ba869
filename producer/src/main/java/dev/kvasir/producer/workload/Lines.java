package dev.kvasir.producer.workload;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The lines of a file with their numbers and offsets. */
final class Lines {

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int begin;
  private int end;
  private long consumed;
  private long number;
  private long offset;

  Lines(InputStream in) {
    this.in = in;
  }

  /** The next line without its end; null when there is none. */
  byte @Nullable [] next() throws IOException {
    offset = consumed;
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    while (begin < end || fill()) {
      int stop = begin;
      while (stop < end && buffer[stop] != '\n') {
        stop++;
      }
      line.write(buffer, begin, stop - begin);
      boolean whole = stop < end;
      consumed += stop - begin + (whole ? 1 : 0);
      begin = whole ? stop + 1 : end;
      if (whole) {
        number++;
        return line.toByteArray();
      }
    }
    if (consumed == offset) {
      return null;
    }
    number++;
    return line.toByteArray();
  }

  private boolean fill() throws IOException {
    begin = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }

  /** Number of the line that was last read, from 1. */
  long number() {
    return number;
  }

  /** Where it begins, in bytes from the start of the file. */
  long offset() {
    return offset;
  }
}
