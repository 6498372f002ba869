package dev.kvasir.producer.cache;

import static dev.kvasir.producer.client.Answers.plain;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.client.ScriptedServer;
import dev.kvasir.producer.plan.CachePolicy;
import dev.kvasir.producer.plan.CachePolicy.Salting;
import dev.kvasir.producer.plan.CacheReset;
import dev.kvasir.producer.sampling.SideRequests;
import dev.kvasir.producer.sampling.WarmRequests;
import dev.kvasir.producer.verdict.CacheEvidence.Expected;
import dev.kvasir.producer.workload.Message;
import dev.kvasir.producer.workload.Prompt;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How runs against one server keep out of each other's way. */
class CacheStartTest {

  private static final Salts SALTS = new Salts(9, Map.of());
  private static final CachePolicy SALTED = new CachePolicy(Salting.RUN, List.of(), true);

  @TempDir private Path folder;
  private ScriptedServer server;
  private SideRequests requests;
  private volatile String metrics = "";
  private volatile int resetStatus = 200;

  @BeforeEach
  void open() {
    server = ScriptedServer.start(this::answer);
    requests = WarmRequests.to(server, Map.of("x-a", "b"));
  }

  @AfterEach
  void close() {
    requests.close();
    server.close();
  }

  private void answer(ScriptedServer.Request request, OutputStream out) throws java.io.IOException {
    boolean page = request.head().startsWith("GET /metrics");
    write(out, plain(page ? 200 : resetStatus, "text/plain", page ? metrics : ""));
  }

  @Test
  void aSecondRunOfTheSamePromptsMeetsThemAllAlsoInALaterProcess() throws Exception {
    assertThat(run(CachePolicy.OPEN, prompts(1), Salt.NONE).evidence().metTokens()).isZero();

    CacheStart second = run(CachePolicy.OPEN, prompts(1), Salt.NONE);

    assertThat(second.evidence().metTokens()).isEqualTo(second.evidence().promptTokens());
    assertThat(second.evidence().expected()).isEqualTo(Expected.OPEN);
    assertThat(run(CachePolicy.OPEN, prompts(2), Salt.NONE).evidence().metTokens()).isZero();
  }

  @Test
  void aSaltMakesEveryRunNew() throws Exception {
    for (long run = 1; run < 4; run++) {
      Salt salt = SALTS.of(Salting.RUN, run, 1, 3, 3);
      assertThat(run(SALTED, prompts(1), salt).evidence().metTokens()).isZero();
    }
  }

  @Test
  void runsOfOneRepeatShareTheirSalt() {
    Salt salt = SALTS.of(Salting.REPEAT, 1, 2, 3, 3);

    assertThat(SALTS.of(Salting.REPEAT, 5, 2, 3, 3)).isEqualTo(salt);
    assertThat(SALTS.of(Salting.REPEAT, 1, 3, 3, 3)).isNotEqualTo(salt);
    assertThat(new Salts(10, Map.of()).of(Salting.REPEAT, 1, 2, 3, 3)).isNotEqualTo(salt);
    assertThat(SALTS.of(Salting.NONE, 1, 2, 3, 3)).isEqualTo(Salt.NONE);
  }

  @Test
  void anExecutionThatGoesOnKeepsTheSaltsOfTheRepeatsThatItBegan() {
    String before = SALTS.of(Salting.REPEAT, 1, 2, 3, 3).text();
    Salts later = new Salts(10, Map.of(2, before));

    assertThat(later.of(Salting.REPEAT, 7, 2, 3, 3).text()).isEqualTo(before);
    assertThat(later.of(Salting.REPEAT, 7, 3, 3, 3).text())
        .isNotEqualTo(SALTS.of(Salting.REPEAT, 1, 3, 3, 3).text());
    assertThat(later.of(Salting.RUN, 7, 2, 3, 3).text()).isNotEqualTo(before);
  }

  @Test
  void aCycleHasItsOwnSaltEachTimeThatThePromptsAreSentAgain() {
    Salt salt = SALTS.of(Salting.CYCLE, 1, 1, 3, null);
    List<String> sent = IntStream.range(-1, 9).mapToObj(ordinal -> salted(salt, ordinal)).toList();

    assertThat(sent.subList(0, 4)).containsOnly(salt.text());
    assertThat(new HashSet<>(sent)).hasSize(3);
    assertThat(sent.subList(4, 7)).containsOnly(sent.get(4));
    assertThat(sent.subList(7, 10)).containsOnly(sent.get(7));
  }

  @ParameterizedTest(name = "{0} requests a pass")
  @ValueSource(ints = {2, 3, 4, 7, 9})
  void noPassOfACycleMeetsWhatAnotherSent(int requests) {
    Salt salt = SALTS.of(Salting.CYCLE, 1, 1, 3, requests);
    List<String> sent =
        IntStream.range(0, 4 * requests)
            .mapToObj(ordinal -> salted(salt, ordinal) + " " + ordinal % requests % 3)
            .toList();

    assertThat(sent).doesNotHaveDuplicates();
  }

  private static String salted(Salt salt, int ordinal) {
    return salt.before(prompts(1).getFirst(), ordinal).text().split(" ")[0];
  }

  @Test
  void aSaltStandsBeforeTheFirstMessageOnly() {
    Prompt prompt =
        new Prompt(
            List.of(new Message("system", "be kind"), new Message("user", "hi")), 5, 6, 1, 0, null);

    assertThat(Salt.same("xyz").before(prompt, 0).messages())
        .containsExactly(new Message("system", "xyz be kind"), new Message("user", "hi"));
    assertThat(Salt.NONE.before(prompt, 0)).isSameAs(prompt);
  }

  @Test
  void aResetThatWasDoneForgetsWhatTheServerWasSent() throws Exception {
    CachePolicy policy =
        new CachePolicy(
            Salting.NONE,
            List.of(
                CacheReset.Known.VLLM,
                new CacheReset.Call("PUT", "/own"),
                new CacheReset.Command("test -d " + folder)),
            true);
    run(policy, prompts(1), Salt.NONE);

    CacheStart second = run(policy, prompts(1), Salt.NONE);

    assertThat(second.evidence().expected()).isEqualTo(Expected.COLD);
    assertThat(second.evidence().metTokens()).isZero();
    assertThat(second.remarks()).isEmpty();
    assertThat(second.resets()).contains("/reset_prefix_cache?***: HTTP 200", "exit status 0");
    assertThat(server.requests())
        .extracting(request -> request.head().lines().findFirst().orElseThrow())
        .contains("POST /reset_prefix_cache?reset_external=true HTTP/1.1", "PUT /own HTTP/1.1");
    assertThat(server.requests()).allMatch(request -> request.header("x-a").equals("b"));
  }

  @Test
  void aResetThatFailedForgetsNothingAndSaysWhy() throws Exception {
    resetStatus = 404;
    CachePolicy policy = new CachePolicy(Salting.NONE, List.of(CacheReset.Known.SGLANG), true);
    run(policy, prompts(1), Salt.NONE);

    CacheStart second = run(policy, prompts(1), Salt.NONE);

    assertThat(second.evidence().metTokens()).isPositive();
    assertThat(second.resets()).contains("/flush_cache: HTTP 404");
    assertThat(second.remarks())
        .singleElement()
        .asString()
        .startsWith("a cache reset of the plan was not done: ")
        .contains("HTTP 404");
  }

  @Test
  void aServerThatStartedAnewRemembersNothing() throws Exception {
    metrics = "process_start_time_seconds 100\n";
    run(CachePolicy.OPEN, prompts(1), Salt.NONE);
    assertThat(run(CachePolicy.OPEN, prompts(1), Salt.NONE).evidence().metTokens()).isPositive();

    metrics = "process_start_time_seconds 200\n";

    assertThat(run(CachePolicy.OPEN, prompts(1), Salt.NONE).evidence().metTokens()).isZero();
  }

  @Test
  void promptsThatShareAPrefixAreReuseOfTheRunsOwn() throws Exception {
    String shared = "s".repeat(1024);
    List<Prompt> prompts =
        IntStream.range(0, 4).mapToObj(i -> prompt(shared + " question " + i, 300)).toList();

    CacheStart start = run(CachePolicy.OPEN, prompts, Salt.NONE);

    assertThat(start.evidence().ownTokens()).isBetween(3 * 280.0, 3 * 300.0);
  }

  private CacheStart run(CachePolicy policy, List<Prompt> prompts, Salt salt)
      throws InterruptedException {
    return CacheStart.prepare(
        policy,
        requests,
        null,
        OverlapLedger.in(folder.resolve("ledger")),
        prompts,
        List.of(),
        salt);
  }

  private static List<Prompt> prompts(int set) {
    return IntStream.range(0, 5)
        .mapToObj(i -> prompt((set + " " + i + " word ").repeat(100), 400))
        .toList();
  }

  private static Prompt prompt(String text, int tokens) {
    return new Prompt(List.of(new Message("user", text)), tokens, 8, null, null, null);
  }
}
