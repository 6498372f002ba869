package dev.kvasir.producer.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShareTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void theSharesHaveEveryRequestOnceAtItsOwnTime(int shards) {
    Course course = course(IntStream.range(0, 50).mapToObj(i -> prompt(null, null)).toList(), 50);

    Map<Integer, Long> due = new HashMap<>();
    for (int shard = 0; shard < shards; shard++) {
      Share share = Share.of(course, shard, shards, Set.of(), 0);
      List<Long> times = times(share);
      for (int index = 0; index < share.ordinals().size(); index++) {
        assertThat(due.put(share.ordinals().get(index), times.get(index))).isNull();
      }
    }

    assertThat(due).hasSize(50);
    due.forEach((ordinal, nanos) -> assertThat(nanos).isEqualTo(ordinal * 10L));
  }

  @Test
  void promptsThatAreSentOverAndOverAreSharedInEveryPlay() {
    List<Prompt> prompts = List.of(prompt(0, 0), prompt(0, 1), prompt(1, 0));
    Schedule schedule = Schedule.at(List.of(0L, 10L, 20L, 30L, 40L));
    Course course = new Course(prompts, schedule, null);

    Share even = Share.of(course, 0, 2, Set.of(), 0);
    Share odd = Share.of(course, 1, 2, Set.of(), 0);

    assertThat(even.ordinals()).containsExactly(0, 1, 5, 6, 7);
    assertThat(times(even)).containsExactly(0L, 30L, 40L);
    assertThat(odd.ordinals()).containsExactly(2, 3, 4);
    assertThat(times(odd)).containsExactly(10L, 20L);
    assertThat(odd.prompts().get(1).session()).isEqualTo(3);
  }

  @Test
  void aSessionStaysWithOneShardAndItsFirstTurnKeepsItsTime() {
    List<Prompt> prompts =
        List.of(prompt(0, 0), prompt(1, 0), prompt(0, 1), prompt(2, 0), prompt(1, 1), prompt(2, 1));
    Course course = course(prompts, 3);

    Share even = Share.of(course, 0, 2, Set.of(), 0);
    Share odd = Share.of(course, 1, 2, Set.of(), 0);

    assertThat(even.ordinals()).containsExactly(0, 2, 3, 5);
    assertThat(times(even)).containsExactly(0L, 20L);
    assertThat(odd.ordinals()).containsExactly(1, 4);
    assertThat(times(odd)).containsExactly(10L);
  }

  @Test
  void whoTakesOverGoesOnWithWhatIsNotDone() {
    List<Prompt> prompts =
        List.of(prompt(0, 0), prompt(1, 0), prompt(0, 1), prompt(2, 0), prompt(2, 1));

    Share rest = Share.of(course(prompts, 3), 0, 1, Set.of(0, 1), 15);

    assertThat(rest.ordinals()).as("turn 1 of session 0 is due now").containsExactly(2, 3, 4);
    assertThat(times(rest)).containsExactly(15L, 20L);
  }

  private static List<Long> times(Share share) {
    return share.schedule().dueNanos().boxed().toList();
  }

  private static Course course(List<Prompt> prompts, int arrivals) {
    Schedule schedule =
        Schedule.at(LongStream.range(0, arrivals).map(i -> i * 10).boxed().toList());
    return new Course(prompts, schedule, prompts.size());
  }

  private static Prompt prompt(@Nullable Integer session, @Nullable Integer turn) {
    return new Prompt(List.of(new Message("user", "x")), 1, 4, session, turn, null);
  }
}
