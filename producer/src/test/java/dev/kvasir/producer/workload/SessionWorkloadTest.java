package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SessionWorkloadTest {

  private static final Tokenizer TOKENIZER = new Cl100kTokenizer();

  @Test
  void each_turn_repeats_what_was_said_before() {
    List<Prompt> prompts = workload(TokenRange.exactly(3), 5, 2, 9).prompts(12, 0, 1).measured();

    Map<Integer, String> before = new HashMap<>();
    for (Prompt prompt : prompts) {
      String text = prompt.text();
      String earlier = before.put(prompt.session(), text);
      assertThat(prompt.turn() == 0).isEqualTo(earlier == null);
      assertThat(text).startsWith(earlier == null ? "system: " : earlier);
      assertThat(prompt.messages()).hasSize(2 + 2 * prompt.turn());
    }
    assertThat(before).hasSize(4);
  }

  @Test
  void the_tokens_of_a_turn_are_those_of_its_text_roles_included() {
    List<Prompt> prompts = workload(TokenRange.exactly(4), 5, 2, 9).prompts(8, 0, 1).measured();

    assertThat(prompts).allMatch(prompt -> TOKENIZER.count(prompt.text()) == prompt.promptTokens());
    assertThat(prompts)
        .allMatch(prompt ->
            prompt.messages().stream()
                .filter(message -> message.role().equals("assistant"))
                .allMatch(message -> TOKENIZER.count(message.content()) == 6));
  }

  @Test
  void the_system_prompts_are_shared_and_nothing_else_is() {
    List<Prompt> prompts = workload(TokenRange.exactly(1), 5, 2, 9).prompts(6, 0, 1).measured();

    assertThat(prompts.stream().map(prompt -> prompt.messages().get(0)).distinct()).hasSize(2);
    assertThat(prompts.stream().map(prompt -> prompt.messages().get(1)).distinct()).hasSize(6);
    assertThat(prompts).extracting(Prompt::prefixGroup).containsExactly(0, 1, 0, 1, 0, 1);
    assertThat(TOKENIZER.count(prompts.getFirst().messages().get(1).content())).isEqualTo(5 + 10);
  }

  @Test
  void turns_are_drawn_from_a_range_and_the_last_session_ends_with_the_run() {
    PromptSet prompts = workload(new TokenRange(2, 5), 0, 0, 0).prompts(101, 0, 3);

    Map<Integer, Long> turns =
        prompts.measured().stream()
            .collect(Collectors.groupingBy(Prompt::session, Collectors.counting()));
    turns.remove(turns.size() - 1);
    assertThat(prompts.measured()).hasSize(101);
    assertThat(turns.values()).allMatch(count -> count >= 2 && count <= 5).contains(2L, 5L);
  }

  @ParameterizedTest
  @EnumSource
  void the_turns_of_a_session_stand_in_their_order(PromptOrder order) {
    List<Prompt> prompts = workload(order).prompts(30, 0, 1).measured();

    Map<Integer, Integer> next = new HashMap<>();
    for (Prompt prompt : prompts) {
      assertThat(next.merge(prompt.session(), 1, Integer::sum)).isEqualTo(prompt.turn() + 1);
    }
    List<Integer> sessions = prompts.stream().map(Prompt::session).toList();
    switch (order) {
      case TILE -> assertThat(sessions.subList(0, 10)).doesNotHaveDuplicates();
      case INTERLEAVE -> assertThat(sessions.subList(0, 3)).containsOnly(0);
      case RANDOM -> assertThat(sessions).isNotEqualTo(sessions.stream().sorted().toList());
    }
  }

  @Test
  void warm_up_prompts_belong_to_no_session_and_change_nothing() {
    PromptSet prompts = workload(TokenRange.exactly(2), 5, 2, 9).prompts(6, 4, 1);

    assertThat(prompts.warmUp()).hasSize(4).allMatch(prompt -> prompt.session() == null);
    assertThat(prompts.warmUp())
        .allMatch(prompt -> TOKENIZER.count(prompt.text()) == prompt.promptTokens());
    assertThat(workload(TokenRange.exactly(2), 5, 2, 9).prompts(6, 0, 1).measured())
        .isEqualTo(prompts.measured());
  }

  private static Workload workload(TokenRange turns, int history, int groups, int prefix) {
    return load(
        new Source.Sessions(
            turns, TokenRange.exactly(10), history, groups, prefix, PromptOrder.TILE));
  }

  private static Workload workload(PromptOrder order) {
    return load(new Source.Sessions(TokenRange.exactly(3), TokenRange.exactly(10), 0, 0, 0, order));
  }

  private static Workload load(Source.Sessions source) {
    WorkloadSpec spec = new WorkloadSpec(source, 10, TokenRange.exactly(6), true, null);
    return WorkloadLoader.load(spec, new TextDatasets(Map.of()), TOKENIZER);
  }
}
