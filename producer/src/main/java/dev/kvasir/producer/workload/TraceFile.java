package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What a plan must know of a trace before it is loaded. */
public final class TraceFile {

  private TraceFile() {}

  /** Whether its first record names the blocks of its prompt. */
  public static boolean namesBlocks(String file, TraceFields fields, Datasets datasets) {
    try {
      JsonNode first = new RecordReader(file, false).first(datasets);
      return first != null && TraceRequest.hasBlocks(first, fields);
    } catch (IOException unreadable) {
      return false;
    }
  }

  /**
   * The number of its requests.
   *
   * @throws DatasetException when it cannot be read, or a record of it cannot and the trace is not
   *     lenient
   */
  public static int requests(WorkloadSpec.Trace trace, Datasets datasets) {
    return new RecordReader(trace.file(), trace.lenient())
        .index(datasets, TraceRequest.shape(trace))
        .size();
  }
}
