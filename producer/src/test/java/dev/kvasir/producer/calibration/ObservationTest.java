package dev.kvasir.producer.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.plan.CachePolicy;
import dev.kvasir.producer.plan.Matrix;
import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.plan.PlanText;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.workload.DatasetFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObservationTest {

  @Test
  void theFirstCellIsRunInPairsThatTakeTurnsInBeingFirst() {
    List<RunSpec> runs = Matrix.of(Observation.of(plan("load: {rates: [5, 10]}"), 2)).runs();

    assertThat(runs)
        .extracting(run -> run.cell() + " r" + run.repeat())
        .containsExactly(
            "observed rate=5 r1",
            "held-back rate=5 r1",
            "held-back rate=5 r2",
            "observed rate=5 r2");
    assertThat(runs.get(0).seed()).as("a pair has one seed").isEqualTo(runs.get(1).seed());
    assertThat(runs.get(0).seed()).isNotEqualTo(runs.get(2).seed());
  }

  @Test
  void aServerThatKeepsCachesGetsSaltedPromptsUnlessThePlanSaysOtherwise() {
    assertThat(Observation.of(plan("load: {rates: [5]}"), 1).cache().salt())
        .isEqualTo(CachePolicy.Salting.RUN);
    assertThat(Observation.of(plan("load: {rates: [5]}\ncache: {salt: none}"), 1).cache().salt())
        .isEqualTo(CachePolicy.Salting.NONE);
  }

  @Test
  void aSearchIsObservedAtItsFirstRate() {
    Plan search = plan("search: {from: 4, to: 8, target: 90%}\nslo: {ttft: 1s}");

    assertThat(Matrix.of(Observation.of(search, 1)).runs())
        .extracting(RunSpec::loadPoint)
        .containsOnly("rate=4");
  }

  @Test
  void itsTextIsAPlan() {
    Plan observation =
        Observation.of(plan("load: {rates: [5]}\nvary: {m: [x, y]}\nmodel: ${m}"), 3);

    assertThat(parse(PlanText.of(observation)).repeats()).isEqualTo(3);
  }

  private static Plan plan(String load) {
    return parse(
        """
        experiment: e
        workload: {input-tokens: 20, prompts: 10, output-tokens: 8}
        strategies:
          - {name: a, url: "http://127.0.0.1:1/v1/completions", model: m}
          - {name: b, url: "http://127.0.0.1:2/v1/completions", model: m}
        %s
        """
            .formatted(load));
  }

  private static Plan parse(String text) {
    return new PlanParser(new DatasetFolder(Path.of(".")), Set.of()).parse("test.yaml", text);
  }
}
