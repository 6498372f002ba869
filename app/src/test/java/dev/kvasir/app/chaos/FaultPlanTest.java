package dev.kvasir.app.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.app.chaos.Fault.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  @Test
  void aSeedNamesItsFaults() {
    assertThat(FaultPlan.draw(7, 100)).isEqualTo(FaultPlan.draw(7, 100));
    assertThat(FaultPlan.draw(7, 100)).isNotEqualTo(FaultPlan.draw(8, 100));
  }

  @Test
  void thereAreAsManyKillsAsAskedForAndNeverOneOfTheSimulator() {
    for (long seed = 0; seed < 50; seed++) {
      List<Fault> kills =
          FaultPlan.draw(seed, 40).stream()
              .flatMap(List::stream)
              .filter(fault -> fault.kind() == Kind.KILL)
              .toList();

      assertThat(kills).as("seed %d", seed).hasSize(40);
      assertThat(kills).as("seed %d", seed).extracting(Fault::part).doesNotContain(Part.SIMULATOR);
    }
  }

  @Test
  void everyPartAndEveryKindComesUp() {
    List<Fault> faults = FaultPlan.draw(7, 100).stream().flatMap(List::stream).toList();

    assertThat(faults.stream().map(Fault::part).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(Part.values());
    assertThat(faults.stream().map(Fault::kind).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Kind.values()));
  }
}
