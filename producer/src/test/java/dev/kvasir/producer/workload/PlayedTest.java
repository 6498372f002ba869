package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PlayedTest {

  private static final List<Prompt> SESSIONS =
      List.of(prompt(0, 0), prompt(1, 0), prompt(0, 1), prompt(null, null));

  @Test
  void chains_are_the_turns_of_a_session_and_every_other_prompt() {
    Chains chains = Chains.of(SESSIONS);

    assertThat(chains.count()).isEqualTo(3);
    assertThat(chains.next(0)).isEqualTo(2);
    assertThat(chains.next(1)).isEqualTo(Chains.NONE);
    assertThat(chains.next(2)).isEqualTo(Chains.NONE);
    assertThat(chains.head(2)).isEqualTo(3);
    assertThat(chains.head(3)).as("the second play").isEqualTo(4);
    assertThat(chains.next(4)).isEqualTo(6);
  }

  @Test
  void as_many_chains_as_there_are_is_each_once() {
    assertThat(Played.chains(SESSIONS, 3)).isEqualTo(SESSIONS);
  }

  @Test
  void fewer_chains_are_the_first_ones_whole() {
    assertThat(names(Played.chains(SESSIONS, 1))).containsExactly("0.0", "0.1");
  }

  @Test
  void more_chains_play_again_as_other_sessions() {
    List<Prompt> played = Played.chains(SESSIONS, 5);

    assertThat(names(played)).containsExactly("0.0", "1.0", "0.1", "single", "4.0", "5.0", "4.1");
    assertThat(Chains.of(played).count()).isEqualTo(5);
  }

  @Test
  void requests_are_counted_one_by_one() {
    assertThat(names(Played.requests(SESSIONS, 2))).containsExactly("0.0", "1.0");
    assertThat(names(Played.requests(SESSIONS, 5)))
        .containsExactly("0.0", "1.0", "0.1", "single", "4.0");
  }

  private static List<String> names(List<Prompt> played) {
    return played.stream()
        .map(prompt -> prompt.session() == null ? "single" : prompt.session() + "." + prompt.turn())
        .toList();
  }

  private static Prompt prompt(@Nullable Integer session, @Nullable Integer turn) {
    return new Prompt(List.of(new Message("user", "hi")), 1, 8, session, turn, null);
  }
}
