package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

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
   * The number of its requests that are not too long.
   *
   * @param outputTokens the output length to ask for; null for each request's own
   * @throws DatasetException when it cannot be read, or a record of it cannot and the trace is not
   *     lenient
   */
  public static int requests(
      Source.Trace trace, @Nullable TokenRange outputTokens, Datasets datasets) {
    return (int)
        new RecordReader(trace.file(), trace.lenient())
            .readAll(datasets, TraceRequest.shape(trace)).stream()
                .filter(request -> trace.takes(request, outputTokens))
                .count();
  }
}
