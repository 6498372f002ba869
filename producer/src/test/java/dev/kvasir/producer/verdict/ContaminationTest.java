package dev.kvasir.producer.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.Phase;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.Verdict;
import dev.kvasir.producer.plan.Thresholds;
import dev.kvasir.producer.verdict.CacheEvidence.Expected;
import org.junit.jupiter.api.Test;

class ContaminationTest {

  private static final ClientHealth WELL = new ClientHealth(0, 0, 0, 0);
  private static final int REQUESTS = 50;
  private static final int PROMPT = 1000;
  private static final long MILLI = 1_000_000;

  @Test
  void aRunThatMetItsPromptsAndTookThemFromACacheIsContaminated() {
    for (Expected expected : new Expected[] {Expected.COLD, Expected.OPEN}) {
      Judgement judgement = judge(evidence(expected, 1, 0), 900);

      assertThat(judgement.verdict()).as(expected.name()).isEqualTo(Verdict.CONTAMINATED);
      assertThat(judgement.reasons().getFirst())
          .contains("100 % of the prompt tokens")
          .contains("45000 of 50000 prompt tokens");
    }
  }

  @Test
  void aWarmRerunIsWhatWasAskedFor() {
    assertThat(judge(evidence(Expected.WARM, 1, 0), 900).verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void aServerThatTookNothingFromACacheIsClean() {
    assertThat(judge(evidence(Expected.COLD, 1, 0), 0).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(evidence(Expected.COLD, 1, 0), 0).reasons()).isEmpty();
  }

  @Test
  void aServerThatDoesNotSayIsBelievedOnlyWhereNothingWasPromised() {
    assertThat(judge(evidence(Expected.COLD, 1, 0), null).verdict())
        .isEqualTo(Verdict.CONTAMINATED);
    Judgement open = judge(evidence(Expected.OPEN, 1, 0), null);
    assertThat(open.verdict()).isEqualTo(Verdict.VALID);
    assertThat(open.reasons()).singleElement().asString().contains("does not say");
  }

  @Test
  void aColdRunThatFindsMoreThanItsOwnPromptsExplainIsContaminated() {
    assertThat(judge(evidence(Expected.COLD, 0, 0), 900).verdict()).isEqualTo(Verdict.CONTAMINATED);
    assertThat(judge(evidence(Expected.COLD, 0, 0.9), 900).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(evidence(Expected.OPEN, 0, 0), 900).verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void aTemplateBeforeEveryPromptIsNoContamination() {
    assertThat(judge(evidence(Expected.COLD, 0, 0), 100).verdict()).isEqualTo(Verdict.VALID);
  }

  @Test
  void aLateClientIsNamedBeforeTimingsThatItsLatenessExplains() {
    RunRecord requests = requests(0, MILLI / 100, 10, PROMPT);
    ClientHealth late = new ClientHealth(0, 40 * MILLI, 0, 0);

    assertThat(judge(requests, late).verdict()).isEqualTo(Verdict.CLIENT_LIMITED);
    assertThat(judge(requests, WELL).verdict()).isEqualTo(Verdict.IMPLAUSIBLE);
  }

  @Test
  void whatIsSentAgainMeetsItselfUnlessEachCycleHasItsOwnSalt() {
    double once = (double) REQUESTS * PROMPT / 4;
    CacheEvidence again = new CacheEvidence(Expected.COLD, REQUESTS / 4, once, 0, 0, once);
    CacheEvidence salted = new CacheEvidence(Expected.COLD, REQUESTS / 4, once, 0, 0, 0);
    int threeQuarters = PROMPT * 3 / 4;

    assertThat(judge(again, threeQuarters).verdict()).isEqualTo(Verdict.VALID);
    assertThat(judge(salted, threeQuarters).verdict()).isEqualTo(Verdict.CONTAMINATED);
  }

  private static CacheEvidence evidence(Expected expected, double met, double own) {
    double tokens = (double) REQUESTS * PROMPT;
    return new CacheEvidence(expected, REQUESTS, tokens, met * tokens, own * tokens, tokens);
  }

  private static Judgement judge(CacheEvidence cache, Integer cached) {
    return Judgement.of(
        requests(cached, 20 * MILLI, 10, PROMPT), WELL, Thresholds.DEFAULT, 0, 0, false, cache);
  }

  private static Judgement judge(RunRecord requests, ClientHealth health) {
    return Judgement.of(requests, health, Thresholds.DEFAULT, 0, 0, false, CacheEvidence.NONE);
  }

  private static RunRecord requests(Integer cached, long tpot, int outputTokens, int prompt) {
    RunRecord requests = new RunRecord();
    for (int i = 0; i < REQUESTS; i++) {
      requests.add(request(i, cached, tpot, outputTokens, prompt));
    }
    return requests;
  }

  private static RequestFinished request(
      int ordinal, Integer cached, long tpot, int outputTokens, int prompt) {
    long due = ordinal * 100 * MILLI;
    return RequestFinished.newBuilder()
        .setRun(1)
        .setOrdinal(ordinal)
        .setAt(due + 50 * MILLI + 9 * tpot)
        .setOutcome(Outcome.OK)
        .setDueAt(due)
        .setSentAt(due)
        .setFirstContentAt(due + 50 * MILLI)
        .setLastContentAt(due + 50 * MILLI + (outputTokens - 1) * tpot)
        .setInputTokens(prompt)
        .setOutputTokens(outputTokens)
        .setCachedTokens(cached)
        .setFinishReason("length")
        .setChunks(outputTokens > 100 ? 1 : outputTokens)
        .setPhase(Phase.MEASURE)
        .setTimeoutNanos(1)
        .build();
  }
}
