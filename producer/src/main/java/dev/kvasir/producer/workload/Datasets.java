package dev.kvasir.producer.workload;

import java.io.IOException;
import java.io.InputStream;

/** Files of prompts. */
public interface Datasets {

  /** The full name of a file as a plan names it. */
  String resolve(String file);

  /** Whether there is such a file and it can be read. */
  boolean readable(String file);

  /** The file's bytes, from their start; of a table, its rows as lines of JSON. */
  InputStream open(String file) throws IOException;

  /** The file's bytes as they lie on the disk. */
  default InputStream bytes(String file) throws IOException {
    return open(file);
  }

  /** The file's bytes from an offset that was met when it was read from its start. */
  default InputStream open(String file, long offset) throws IOException {
    InputStream in = open(file);
    in.skipNBytes(offset);
    return in;
  }
}
