package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticWorkloadTest {

  private static final Tokenizer TOKENIZER = new Cl100kTokenizer();

  @Test
  void there_are_thousands_of_words_that_are_one_token_each() {
    List<String> words = TOKENIZER.words();

    assertThat(words).hasSizeGreaterThan(2000).doesNotHaveDuplicates();
    assertThat(TOKENIZER.count(String.join(" ", words))).isEqualTo(words.size());
    assertThat(words).allMatch(word -> TOKENIZER.count(word) == 1);
  }

  @Test
  void no_short_word_of_the_vocabulary_is_missing() {
    Encoding encoding = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
    List<String> found = new ArrayList<>();
    IntArrayList token = new IntArrayList(1);
    for (int id = 0; id < 100_256; id++) {
      token.clear();
      token.add(id);
      String text = encoding.decode(token);
      if (text.matches(" [a-z]{3,5}") && TOKENIZER.count(text.substring(1)) == 1) {
        found.add(text.substring(1));
      }
    }

    assertThat(TOKENIZER.words()).isEqualTo(found);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 42, -7})
  void prompts_have_exactly_the_tokens_that_were_asked_for(long seed) {
    for (int tokens : new int[] {1, 2, 17, 640}) {
      PromptSet prompts = workload(TokenRange.exactly(tokens), 0, 0).prompts(20, 5, seed);

      assertThat(prompts.measured())
          .allMatch(prompt -> prompt.promptTokens() == tokens)
          .allMatch(prompt -> TOKENIZER.count(prompt.text()) == tokens);
    }
  }

  @Test
  void lengths_are_drawn_from_the_whole_range() {
    List<Prompt> prompts = workload(new TokenRange(3, 7), 0, 0).prompts(500, 0, 1).measured();

    assertThat(prompts).allMatch(prompt -> TOKENIZER.count(prompt.text()) == prompt.promptTokens());
    assertThat(prompts)
        .extracting(Prompt::promptTokens)
        .contains(3, 4, 5, 6, 7)
        .allMatch(tokens -> tokens >= 3 && tokens <= 7);
    assertThat(prompts).extracting(Prompt::outputTokens).contains(10, 12).doesNotContain(9, 13);
  }

  @Test
  void the_prompts_of_a_group_share_a_prefix_and_groups_share_nothing() {
    List<Prompt> prompts = workload(TokenRange.exactly(40), 4, 32).prompts(10, 0, 1).measured();

    Map<Integer, List<String>> prefixes =
        prompts.stream()
            .collect(
                Collectors.groupingBy(
                    Prompt::prefixGroup,
                    Collectors.mapping(prompt -> words(prompt, 32), Collectors.toList())));
    assertThat(prefixes).hasSize(4);
    assertThat(prefixes.values()).allMatch(group -> group.size() == 2 || group.size() == 3);
    assertThat(prefixes.values()).allMatch(group -> group.stream().distinct().count() == 1);
    assertThat(prompts.stream().map(prompt -> words(prompt, 1)).distinct()).hasSize(4);
    assertThat(prompts).allMatch(prompt -> TOKENIZER.count(prompt.text()) == 40);
    assertThat(prompts).extracting(Prompt::text).doesNotHaveDuplicates();
  }

  @Test
  void warm_up_prompts_share_no_beginning_with_measured_ones() {
    PromptSet prompts = workload(TokenRange.exactly(40), 4, 32).prompts(40, 8, 1);

    assertThat(prompts.warmUp()).hasSize(8);
    List<String> beginnings = new ArrayList<>();
    prompts.measured().forEach(prompt -> beginnings.add(words(prompt, 1)));
    assertThat(prompts.warmUp()).noneMatch(prompt -> beginnings.contains(words(prompt, 1)));
  }

  @Test
  void warm_up_prompts_are_not_measured() {
    PromptSet prompts = workload(TokenRange.exactly(2), 0, 0).prompts(3000, 3000, 1);

    assertThat(prompts.warmUp())
        .extracting(Prompt::text)
        .doesNotContainAnyElementsOf(prompts.measured().stream().map(Prompt::text).toList());
  }

  @Test
  void a_seed_gives_the_same_prompts_again_and_another_seed_others() {
    PromptSet prompts = workload(TokenRange.exactly(40), 4, 32).prompts(20, 5, 42);

    assertThat(workload(TokenRange.exactly(40), 4, 32).prompts(20, 5, 42)).isEqualTo(prompts);
    assertThat(workload(TokenRange.exactly(40), 4, 32).prompts(20, 9, 42).measured())
        .isEqualTo(prompts.measured());
    assertThat(workload(TokenRange.exactly(40), 4, 32).prompts(20, 5, 43).measured())
        .extracting(Prompt::text)
        .doesNotContainAnyElementsOf(prompts.measured().stream().map(Prompt::text).toList());
  }

  @Test
  void a_prefix_as_long_as_the_prompt_is_refused() {
    assertThatThrownBy(() -> new Source.Synthetic(TokenRange.exactly(32), 2, 32))
        .hasMessageContaining("32");
    assertThatThrownBy(() -> new Source.Synthetic(TokenRange.exactly(32), 2, 0))
        .hasMessageContaining("2 groups");
  }

  @Test
  void the_order_decides_how_late_a_prefix_is_used_again() {
    assertThat(groups(PromptOrder.TILE, null, 9)).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2);
    assertThat(groups(PromptOrder.INTERLEAVE, null, 9)).containsExactly(0, 0, 0, 1, 1, 1, 2, 2, 2);
    assertThat(groups(PromptOrder.RANDOM, null, 9))
        .containsExactlyInAnyOrder(0, 0, 0, 1, 1, 1, 2, 2, 2)
        .isNotEqualTo(groups(PromptOrder.TILE, null, 9));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void popularity_follows_zipfs_law(long seed) {
    int prompts = 22_000;
    int[] members = Popularity.zipf(prompts, 3, 1, new SplittableRandom(seed));

    // 1 : 1/2 : 1/3 of 22,000 are 12,000, 6,000 and 4,000
    assertThat(members[0]).isBetween(11_700, 12_300);
    assertThat(members[1]).isBetween(5_750, 6_250);
    assertThat(members[2]).isBetween(3_780, 4_220);
    assertThat(groups(PromptOrder.RANDOM, 1.0, 600).stream().filter(group -> group == 0).count())
        .isBetween(270L, 390L);
  }

  @Test
  void long_documents_come_back_with_other_questions() {
    WorkloadSpec spec =
        new WorkloadSpec(
            new Source.LongDocuments(3, 40, 10, PromptOrder.TILE), 6, null, false, null);
    List<Prompt> prompts =
        WorkloadLoader.load(spec, new TextDatasets(Map.of()), TOKENIZER)
            .prompts(6, 0, 1)
            .measured();

    assertThat(prompts).allMatch(prompt -> TOKENIZER.count(prompt.text()) == 50);
    for (int i = 0; i < 3; i++) {
      assertThat(words(prompts.get(i), 40)).isEqualTo(words(prompts.get(i + 3), 40));
      assertThat(prompts.get(i).text()).isNotEqualTo(prompts.get(i + 3).text());
    }
  }

  private static List<Integer> groups(PromptOrder order, Double zipf, int prompts) {
    WorkloadSpec spec =
        new WorkloadSpec(
            new Source.Synthetic(TokenRange.exactly(24), 3, 12, order, zipf),
            prompts,
            null,
            false,
            null);
    return WorkloadLoader.load(spec, new TextDatasets(Map.of()), TOKENIZER)
        .prompts(prompts, 0, 1)
        .measured()
        .stream()
        .map(Prompt::prefixGroup)
        .toList();
  }

  private static Workload workload(TokenRange input, int groups, int prefix) {
    WorkloadSpec spec =
        new WorkloadSpec(
            new Source.Synthetic(input, groups, prefix), 10, new TokenRange(10, 12), false, null);
    return WorkloadLoader.load(spec, new TextDatasets(Map.of()), TOKENIZER);
  }

  private static String words(Prompt prompt, int count) {
    return String.join(" ", List.of(prompt.text().split(" ")).subList(0, count));
  }
}
