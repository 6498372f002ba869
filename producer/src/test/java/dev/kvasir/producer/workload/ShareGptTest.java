package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ShareGptTest {

  private static final Tokenizer TOKENIZER = new Cl100kTokenizer();
  private static final WordText WORDS = new WordText(TOKENIZER);

  @Test
  void vllms_rules_decide_which_conversations_are_used() {
    String file =
        conversations(
            turns(3, 50), // prompt too short
            turns(4, 50), // just long enough
            turns(50, 3), // answer too short
            turns(1024, 4), // longest prompt
            turns(1025, 4), // prompt too long
            turns(1000, 1048), // longest together
            turns(1000, 1049), // too long together
            turns(60), // one turn only
            turns(70, 80, 5000)); // later turns do not matter

    PromptSet prompts = load(file, null).prompts(5, 0, 1);

    assertThat(prompts.repeated()).as("four are left, so the fifth is drawn again").isOne();
    assertThat(prompts.measured().subList(0, 4))
        .extracting(Prompt::promptTokens, Prompt::outputTokens)
        .containsExactly(tuple(4, 50), tuple(1024, 4), tuple(1000, 1048), tuple(70, 80));
  }

  @Test
  void a_forced_output_length_replaces_the_answers_and_the_rule_about_it() {
    String file = conversations(turns(50, 3), turns(1000, 2000), turns(1024, 5), turns(1023, 5));

    PromptSet prompts = load(file, 1025).prompts(3, 0, 1);

    assertThat(prompts.repeated()).isZero();
    assertThat(prompts.measured()).extracting(Prompt::promptTokens).containsExactly(50, 1000, 1023);
    assertThat(prompts.measured()).extracting(Prompt::outputTokens).containsOnly(1025);
  }

  @Test
  void too_few_conversations_are_drawn_again_and_counted() {
    Workload workload = load(conversations(turns(10, 10), turns(11, 10)), null);

    PromptSet prompts = workload.prompts(7, 0, 1);

    assertThat(prompts.measured()).hasSize(7);
    assertThat(prompts.repeated()).isEqualTo(5);
    assertThat(prompts.measured()).extracting(Prompt::promptTokens).containsOnly(10, 11);
  }

  @Test
  void a_file_without_a_usable_conversation_is_an_error_that_names_it() {
    assertThatThrownBy(() -> load(conversations(turns(3, 3)), null).prompts(1, 0, 1))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("/data/chats.json")
        .hasMessageContaining("1 records");
  }

  @Test
  void a_record_without_conversations_is_named_by_its_line() {
    String file = "[\n" + chat(turns(10, 10)) + ",\n{\"id\": \"x\"}\n]";

    assertThatThrownBy(() -> load(file, null))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("/data/chats.json:3: ")
        .hasMessageContaining("an object with id")
        .hasMessageContaining("`conversations`")
        .hasMessageContaining("--lenient");
  }

  @Test
  void sglangs_rules_have_no_caps_but_a_context_that_is_given() {
    String file =
        conversations(
            turns(1, 50), // prompt too short
            turns(2, 2), // just long enough
            turns(50, 1), // answer too short
            turns(3000, 3000), // no cap
            turns(1000, 1049)); // too long for vLLM

    assertThat(sglang(file, null, null).prompts(3, 0, 1).measured())
        .extracting(Prompt::promptTokens, Prompt::outputTokens)
        .containsExactly(tuple(2, 2), tuple(3000, 3000), tuple(1000, 1049));
    assertThat(sglang(file, 2049, null).prompts(2, 0, 1).measured())
        .extracting(Prompt::promptTokens)
        .containsExactly(2, 1000);
    assertThat(sglang(file, 2049, 1048).prompts(3, 0, 1).measured())
        .as("a forced length is what counts, and makes up for a short answer")
        .extracting(Prompt::promptTokens)
        .containsExactly(2, 50, 1000);
  }

  @Test
  void sglangs_rules_never_draw_a_prompt_again() {
    Workload workload = sglang(conversations(turns(10, 10), turns(11, 10)), null, null);

    assertThatThrownBy(() -> workload.prompts(3, 0, 1))
        .isInstanceOf(DatasetException.class)
        .hasMessageContaining("only 2 of its 2 records give a prompt, and 3 are wanted");
  }

  @Test
  void what_was_refused_once_stays_refused_and_what_was_taken_is_the_same_again() {
    Workload workload =
        load(conversations(turns(10, 10), turns(3, 3), turns(11, 10), turns(12, 10)), null);

    assertThat(workload.prompts(3, 0, 1)).isEqualTo(workload.prompts(3, 0, 1));
    assertThat(workload.prompts(2, 0, 1).measured())
        .extracting(Prompt::promptTokens)
        .containsExactly(10, 11);
  }

  private static Workload sglang(String file, Integer context, Integer outputTokens) {
    Source.ShareGpt source =
        new Source.ShareGpt("/data/chats.json", BenchmarkRules.SGLANG, context, false, false);
    TokenRange output = outputTokens == null ? null : TokenRange.exactly(outputTokens);
    return WorkloadLoader.load(
        new WorkloadSpec(source, 10, output, false, null),
        new TextDatasets(Map.of("/data/chats.json", file)),
        TOKENIZER);
  }

  private static Workload load(String file, Integer outputTokens) {
    WorkloadSpec spec =
        new WorkloadSpec(
            new Source.ShareGpt("/data/chats.json", false, false),
            10,
            outputTokens == null ? null : TokenRange.exactly(outputTokens),
            false,
            null);
    return WorkloadLoader.load(spec, new TextDatasets(Map.of("/data/chats.json", file)), TOKENIZER);
  }

  private static List<Integer> turns(Integer... tokens) {
    return List.of(tokens);
  }

  @SafeVarargs
  private static String conversations(List<Integer>... chats) {
    List<String> records = new ArrayList<>();
    for (List<Integer> chat : chats) {
      records.add(chat(chat));
    }
    return "[" + String.join(",\n", records) + "]";
  }

  private static String chat(List<Integer> tokens) {
    SplittableRandom random = new SplittableRandom(5);
    return tokens.stream()
        .map(count -> "{\"from\": \"human\", \"value\": \"" + words(count, random) + "\"}")
        .collect(Collectors.joining(", ", "{\"conversations\": [", "]}"));
  }

  private static String words(int tokens, SplittableRandom random) {
    return WORDS.compose(List.of(Words.drawn(random.nextLong(), tokens)));
  }
}
