package dev.kvasir.producer.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PromptFileTest {

  private static final Tokenizer TOKENIZER = new Cl100kTokenizer();
  private static final String FILE = "/data/prompts.jsonl";

  @Test
  void lines_may_be_texts_objects_or_chats() {
    String file =
        """
        "Say hello."
        {"prompt": "Count to ten.", "output_tokens": 20}

        {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]}
        {"input": "Sum up.", "output_length": 7}
        """;

    List<Prompt> prompts = inOrder(file).prompts(4, 0, 1).measured();

    assertThat(prompts)
        .extracting(Prompt::text)
        .containsExactly(
            "Say hello.",
            "Count to ten.",
            "system: Be brief.\n\nuser: Hi\n\nassistant:",
            "Sum up.");
    assertThat(prompts).extracting(Prompt::outputTokens).containsExactly(null, 20, null, 7);
    assertThat(prompts.get(0).messages()).containsExactly(new Message("user", "Say hello."));
    assertThat(prompts.get(2).messages()).hasSize(2);
    assertThat(prompts)
        .allSatisfy(
            prompt -> assertThat(prompt.promptTokens()).isEqualTo(TOKENIZER.count(prompt.text())));
  }

  @Test
  void the_last_answer_of_a_chat_is_not_sent_but_says_how_long_answers_are() {
    String file =
        """
        {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello, how are you?"}]}
        {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello."}], "max_tokens": 9.0}
        {"messages": [{"role": "user", "content": "A"}, {"role": "assistant", "content": "B"}, {"role": "user", "content": "C"}]}
        {"messages": [{"role": "user", "content": "A"}, {"role": "assistant", "content": null, "tool_calls": []}]}
        """;

    List<Prompt> prompts = inOrder(file).prompts(4, 0, 1).measured();

    assertThat(prompts).extracting(prompt -> prompt.messages().size()).containsExactly(1, 1, 3, 1);
    assertThat(prompts)
        .extracting(Prompt::outputTokens)
        .containsExactly(TOKENIZER.count("Hello, how are you?"), 9, null, null);
  }

  @Test
  void content_may_come_in_parts_of_text() {
    String parts =
        "{\"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"text\", \"text\": \"One\"}, %s]}]}";

    assertThat(
            inOrder(parts.formatted("{\"type\": \"text\", \"text\": \"two\"}"))
                .prompts(1, 0, 1)
                .measured()
                .getFirst()
                .messages())
        .containsExactly(new Message("user", "One\ntwo"));
    assertThatThrownBy(
            () -> inOrder(parts.formatted("{\"type\": \"image_url\", \"image_url\": {}}")))
        .hasMessageContaining("message 1 has a part of type image_url; expected texts only");
    assertThatThrownBy(
            () -> inOrder("{\"messages\": [{\"role\": \"assistant\", \"content\": \"A\"}]}"))
        .hasMessageContaining("all messages are the assistant's");
  }

  @Test
  void an_array_of_prompts_is_read_like_lines() {
    Workload workload = inOrder("\n [{\"input\": \"One\", \"output_length\": 5}, \"Two\"]");

    assertThat(workload.prompts(2, 0, 1).measured())
        .extracting(Prompt::text)
        .containsExactly("One", "Two");
  }

  @Test
  void a_forced_output_length_wins_over_that_of_the_record() {
    Workload workload =
        load("{\"prompt\": \"One\", \"max_tokens\": 5}", false, false, TokenRange.exactly(9));

    assertThat(workload.prompts(1, 0, 1).measured().getFirst().outputTokens()).isEqualTo(9);
  }

  @Test
  void a_malformed_line_is_named_by_file_and_line() {
    assertThatThrownBy(() -> inOrder("\"One\"\n{\"prompt\": \"Two\"\n\"Three\"\n"))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("/data/prompts.jsonl:2: not JSON: ")
        .hasMessageContaining("--lenient");
    assertThatThrownBy(() -> inOrder("\"One\"\n\n{\"text\": \"Two\"}\n"))
        .hasMessageStartingWith("/data/prompts.jsonl:3: found an object with text");
    assertThatThrownBy(() -> inOrder("{\"prompt\": \"One\", \"output_tokens\": -1}"))
        .hasMessageStartingWith("/data/prompts.jsonl:1: output_tokens is -1");
    assertThatThrownBy(() -> inOrder("{\"prompt\": \"One\", \"output_tokens\": 1.5}"))
        .hasMessageStartingWith("/data/prompts.jsonl:1: output_tokens is 1.5");
    assertThatThrownBy(() -> inOrder("{\"prompt\": \"\"}")).hasMessageContaining("not empty");
    assertThatThrownBy(() -> inOrder("\"\"")).hasMessageContaining("not empty");
    assertThatThrownBy(() -> inOrder("Say hello.")).hasMessageContaining("not JSON");
  }

  @Test
  void a_lenient_reader_leaves_malformed_lines_out_and_lists_them() {
    Workload workload = load("\"One\"\n{oops\n\"Two\"\n[1]\n17\n", false, true, null);

    assertThat(workload.prompts(2, 0, 1).measured())
        .extracting(Prompt::text)
        .containsExactly("One", "Two");
    assertThat(workload.skipped()).hasSize(3);
    assertThat(workload.skipped().get(0)).startsWith("/data/prompts.jsonl:2: not JSON");
    assertThat(workload.skipped().get(1)).startsWith("/data/prompts.jsonl:4: found an array of 1");
    assertThat(workload.skipped().get(2)).startsWith("/data/prompts.jsonl:5: found 17");
  }

  @Test
  void a_broken_array_is_an_error_even_for_a_lenient_reader() {
    assertThatThrownBy(() -> load("[\"One\",\n \"Two\",\n {\"pro", false, true, null))
        .isInstanceOf(DatasetException.class)
        .hasMessageStartingWith("/data/prompts.jsonl:3: not JSON: ");
  }

  @Test
  void bytes_that_are_not_utf8_are_malformed_and_not_replaced() {
    byte[] bytes = {'"', 'a', '"', '\n', '"', (byte) 0xC3, '"', '\n'};
    Datasets datasets =
        new Datasets() {
          @Override
          public String resolve(String file) {
            return file;
          }

          @Override
          public boolean readable(String file) {
            return true;
          }

          @Override
          public java.io.InputStream open(String file) {
            return new java.io.ByteArrayInputStream(bytes);
          }
        };

    assertThatThrownBy(() -> WorkloadLoader.load(spec(false, false, null), datasets, TOKENIZER))
        .hasMessageStartingWith("/data/prompts.jsonl:2: not JSON: ");
  }

  @Test
  void the_seed_draws_the_order() {
    Workload workload = load(numbered(100), true, false, null);

    PromptSet first = workload.prompts(50, 0, 1);

    assertThat(workload.prompts(50, 0, 1)).isEqualTo(first);
    assertThat(load(numbered(100), true, false, null).prompts(50, 0, 1)).isEqualTo(first);
    assertThat(workload.prompts(50, 0, 2).hash()).isNotEqualTo(first.hash());
  }

  @Test
  void the_number_of_warm_up_prompts_does_not_change_the_measured_ones() {
    Workload workload = load(numbered(100), true, false, null);

    assertThat(workload.prompts(50, 30, 1).measured())
        .isEqualTo(workload.prompts(50, 0, 1).measured());
  }

  @Test
  void warm_up_prompts_are_taken_from_those_that_are_not_measured() {
    Workload workload = load(numbered(100), true, false, null);

    PromptSet prompts = workload.prompts(60, 30, 1);

    assertThat(prompts.warmUp()).hasSize(30).doesNotContainAnyElementsOf(prompts.measured());
    assertThat(prompts.warmUp()).allMatch(prompt -> prompt.text().startsWith("Prompt number"));
  }

  @Test
  void warm_up_prompts_are_made_of_words_when_every_prompt_is_measured() {
    Workload workload =
        load("\"One\"\n\"One\"\n\"One, two, three, four, five\"", true, false, null);

    PromptSet prompts = workload.prompts(2, 5, 1);

    assertThat(prompts.warmUp()).hasSize(5).doesNotHaveDuplicates();
    assertThat(prompts.warmUp())
        .extracting(Prompt::text)
        .doesNotContain("One", "One, two, three, four, five");
  }

  @Test
  void the_hash_depends_on_order_text_role_and_output_length() {
    String one = hash("\"One\"\n\"Two\"");

    assertThat(hash("{\"prompt\": \"One\"}\n{\"input\": \"Two\"}")).isEqualTo(one);
    assertThat(
            List.of(
                hash("\"Two\"\n\"One\""),
                hash("\"OneTwo\"\n\"x\""),
                hash("{\"prompt\": \"One\", \"max_tokens\": 3}\n\"Two\""),
                hash("{\"messages\": [{\"role\": \"system\", \"content\": \"One\"}]}\n\"Two\"")))
        .doesNotHaveDuplicates()
        .doesNotContain(one);
    // printf 'user\x1fOne\x1e-\x1duser\x1fTwo\x1e-\x1d' | sha256sum
    assertThat(one).isEqualTo("28485f96d1f3fc526ee2db04bdc48cfc5c6e33be74998fb379c0db25fbaf0800");
  }

  @Test
  void a_file_is_recognised_by_its_first_record() {
    assertThat(kindOf("[{\"conversations\": []}]")).isEqualTo(DatasetKind.SHAREGPT);
    assertThat(kindOf("{\"conversations\": []}\n")).isEqualTo(DatasetKind.SHAREGPT);
    assertThat(kindOf("\"One\"")).isEqualTo(DatasetKind.PROMPTS);
    assertThat(kindOf("[{\"input\": \"One\"}]")).isEqualTo(DatasetKind.PROMPTS);
    assertThat(kindOf("{oops")).isEqualTo(DatasetKind.PROMPTS);
    assertThat(kindOf("")).isEqualTo(DatasetKind.PROMPTS);
  }

  @Test
  void real_files_of_other_tools_are_read() {
    Path shared = Path.of(System.getProperty("shared.data", "../../shared/data")).resolve("traces");
    Datasets datasets = new DatasetFolder(shared);
    boolean present = datasets.readable("lmbenchmark/warmup.json");
    if (!present) {
      System.out.println("skipped: the shared traces are not at " + shared.toAbsolutePath());
    }
    assumeThat(present).isTrue();

    assertThat(DatasetKind.of("sharegpt/inference-perf-e2e-sharegpt.json", datasets))
        .isEqualTo(DatasetKind.SHAREGPT);
    Workload workload =
        Workload.load(
            new WorkloadSpec(
                new Source.PromptFile("lmbenchmark/warmup.json", true, false),
                20,
                null,
                false,
                null),
            datasets);
    PromptSet prompts = workload.prompts(20, 4, 1);
    assertThat(prompts.repeated()).isZero();
    assertThat(prompts.measured())
        .allMatch(prompt -> prompt.promptTokens() > 10 && prompt.outputTokens() != null);
  }

  private static String hash(String file) {
    return inOrder(file).prompts(2, 0, 1).hash();
  }

  private static DatasetKind kindOf(String file) {
    return DatasetKind.of(FILE, new TextDatasets(Map.of(FILE, file)));
  }

  private static String numbered(int count) {
    return IntStream.range(0, count)
        .mapToObj("\"Prompt number %d\""::formatted)
        .collect(Collectors.joining("\n"));
  }

  private static Workload inOrder(String file) {
    return load(file, false, false, null);
  }

  private static Workload load(String file, boolean shuffle, boolean lenient, TokenRange output) {
    return WorkloadLoader.load(
        spec(shuffle, lenient, output), new TextDatasets(Map.of(FILE, file)), TOKENIZER);
  }

  private static WorkloadSpec spec(boolean shuffle, boolean lenient, TokenRange output) {
    return new WorkloadSpec(new Source.PromptFile(FILE, shuffle, lenient), 10, output, false, null);
  }
}
