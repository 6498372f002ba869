package dev.kvasir.sink.figure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.SampleSource;
import dev.kvasir.event.Sampled;
import dev.kvasir.sink.warehouse.SampleRuns;
import dev.kvasir.sink.warehouse.WarehouseFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A soak need not have ended to be looked at. */
class WatchedRunsTest {

  private static final long RUN = 7;

  @TempDir private Path folder;

  @Test
  void theSizeOfKvasirsProcessesIsDrawnWhileARunGoesOn() throws Exception {
    try (WarehouseFixture warehouse = new WarehouseFixture(folder)) {
      List<SpecificRecord> events = new ArrayList<>();
      events.add(SampleRuns.started(RUN, "cpu", "rate=50", 1));
      for (int i = 0; i < 5; i++) {
        sample(events, i, "resident_bytes", "generator", 400e6 + i);
        sample(events, i, "resident_bytes", "pipeline", 700e6 + i);
        sample(events, i, "threads", "pipeline", 120);
      }
      warehouse.load(events);

      Figure memory = new Figures(warehouse.reader()).draw(drift("resident-mb"));
      Figure threads = new Figures(warehouse.reader()).draw(drift("threads"));

      assertThat(memory.data().column("facet")).hasSize(10).containsOnly("generator", "pipeline");
      assertThat(memory.data().column("y")).contains(400.0, 700.0);
      assertThat(threads.data().column("y")).hasSize(5).containsOnly(120.0);
    }
  }

  private static void sample(
      List<SpecificRecord> events, int second, String name, String process, double value) {
    long at = SampleRuns.START + 10_000_000_000L * second;
    events.add(new Sampled(RUN, at, SampleSource.CLIENT, name, Map.of("process", process), value));
  }

  private static FigureRequest drift(String quantity) {
    return new FigureRequest(
        FigureKind.DRIFT,
        null,
        quantity,
        "experiment = 'exp'",
        null,
        null,
        null,
        null,
        null,
        null,
        FigureRequest.Errors.NONE,
        FigureRequest.Style.ONE_COLUMN,
        "all",
        false,
        FigureRequest.Limits.OWN,
        null);
  }
}
