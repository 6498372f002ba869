package dev.kvasir.sink.warehouse;

import dev.kvasir.time.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;

/**
 * What a warehouse of ten thousand runs, ten million requests and a billion tokens takes on disk,
 * and how long its usual queries take, by the clock and in processor time. A divisor makes it
 * smaller, five numbers give it another shape (runs, requests of each, tokens of each; requests of
 * the first run and tokens of each of these). With a folder that holds the file already, only the
 * queries are timed.
 *
 * <p>{@code java -cp 'sink/target/test-classes:LIB/*' dev.kvasir.sink.warehouse.ScaleBenchmark
 * FOLDER [DIVISOR | RUNS,REQUESTS,TOKENS,LONG_REQUESTS,LONG_TOKENS]}, where LIB is a folder of
 * Kvasir's jars.
 */
class ScaleBenchmark {

  private static final long MEMORY_BYTES = 2L << 30;
  private static final int ROUNDS = 3;
  private static final Ticker TICKER = Ticker.system();

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    LargeWarehouse.Size size = size(args.length > 1 ? args[1] : "1");
    Path file = folder.resolve("warehouse.duckdb");
    try (WarehouseFile warehouse =
        Files.exists(file)
            ? WarehouseFile.open(file, folder.resolve("out"), MEMORY_BYTES)
            : made(folder, size)) {
      summaries(warehouse);
      try (WarehouseReader reader = WarehouseReader.of(warehouse, QueryLimits.USUAL)) {
        LargeWarehouse.queries().forEach((name, sql) -> time(reader, name, sql));
      }
    }
  }

  private static LargeWarehouse.Size size(String text) {
    int[] numbers = Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).toArray();
    return numbers.length == 1
        ? LargeWarehouse.Size.FULL.divided(numbers[0])
        : new LargeWarehouse.Size(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
  }

  private static WarehouseFile made(Path folder, LargeWarehouse.Size size) throws Exception {
    long begin = TICKER.nanos();
    WarehouseFile warehouse = LargeWarehouse.make(folder, size, MEMORY_BYTES);
    long bytes = Files.size(warehouse.path());
    System.out.printf(
        "%,d runs, %,d requests and %,d tokens made in %.0f s; %,d bytes on disk = %.2f per token, requests included%n",
        size.runs(),
        size.allRequests(),
        size.allTokens(),
        seconds(begin),
        bytes,
        (double) bytes / size.allTokens());
    return warehouse;
  }

  /** Keeps the numbers of every run, as the loader does when runs end. */
  private static void summaries(WarehouseFile warehouse) throws Exception {
    long begin = TICKER.nanos();
    try (Connection connection = warehouse.connect()) {
      RunSummaries summaries = RunSummaries.load(connection);
      if (!summaries.areDue()) {
        return;
      }
      while (summaries.areDue()) {
        summaries.fill(connection);
      }
      Sql.execute(connection, "CHECKPOINT");
    }
    System.out.printf("runs summarised in %.0f s%n", seconds(begin));
  }

  private static void time(WarehouseReader reader, String name, String sql) {
    double[] taken = new double[ROUNDS];
    QueryResult answer = reader.query(sql);
    double before = processorSeconds();
    for (int round = 0; round < ROUNDS; round++) {
      long begin = TICKER.nanos();
      answer = reader.query(sql);
      taken[round] = seconds(begin);
    }
    double processor = (processorSeconds() - before) / ROUNDS;
    Arrays.sort(taken);
    List<?> first = answer.rows().getFirst();
    System.out.printf(
        "%s: %.3f s (%.3f to %.3f), processor time %.2f s, %,d rows, the first %s%n",
        name,
        taken[ROUNDS / 2],
        taken[0],
        taken[ROUNDS - 1],
        processor,
        answer.rows().size(),
        first.subList(0, Math.min(4, first.size())));
  }

  private static double processorSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis() / 1e3;
  }

  private static double seconds(long begin) {
    return (TICKER.nanos() - begin) / 1e9;
  }
}
