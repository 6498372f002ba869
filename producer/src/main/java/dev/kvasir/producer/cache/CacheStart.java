package dev.kvasir.producer.cache;

import dev.kvasir.producer.plan.CachePolicy;
import dev.kvasir.producer.plan.CacheReset;
import dev.kvasir.producer.sampling.ServerIdentity;
import dev.kvasir.producer.sampling.SideRequests;
import dev.kvasir.producer.verdict.CacheEvidence;
import dev.kvasir.producer.verdict.CacheEvidence.Expected;
import dev.kvasir.producer.workload.Prompt;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How warm a server's caches were for one run when it began.
 *
 * @param evidence what the run is judged by
 * @param resets what was done to empty them, as text; null when nothing was
 * @param remarks what the plan asked for and was not done, one sentence each
 */
public record CacheStart(CacheEvidence evidence, @Nullable String resets, List<String> remarks) {

  /** A server of which nothing is known. */
  public static final CacheStart UNKNOWN = new CacheStart(CacheEvidence.NONE, null, List.of());

  /**
   * Empties a server's caches as its policy says, and compares what it is about to be sent with
   * what it has been sent.
   *
   * @param engine what the server says that it is; null when it does not say
   * @param measured what one pass sends, without the salt
   * @param warmUp what is sent before, without the salt
   * @param salt what stands before every prompt
   */
  public static CacheStart prepare(
      CachePolicy policy,
      SideRequests requests,
      @Nullable String engine,
      OverlapLedger ledger,
      List<Prompt> measured,
      List<Prompt> warmUp,
      Salt salt)
      throws InterruptedException {
    URI server = requests.on("/");
    ledger.startedAt(server, ServerIdentity.startedAt(requests));
    List<CacheResets.Outcome> outcomes = new CacheResets(requests, engine).all(policy.resets());
    boolean emptied = !outcomes.isEmpty() && outcomes.stream().allMatch(CacheResets.Outcome::done);
    if (emptied) {
      ledger.forget(server);
    }
    PromptPrefixes prefixes = PromptPrefixes.of(measured, warmUp, salt);
    long[] sent = ledger.sent(server);
    double met = prefixes.known(hash -> Arrays.binarySearch(sent, hash) >= 0);
    ledger.add(server, prefixes.hashes());
    return new CacheStart(
        new CacheEvidence(
            expected(policy),
            prefixes.count(),
            prefixes.tokens(),
            met,
            prefixes.ownReuse(),
            salt.cycle() > 0 ? prefixes.ownReuse() : prefixes.tokens()),
        outcomes.isEmpty()
            ? null
            : outcomes.stream().map(CacheResets.Outcome::text).collect(Collectors.joining("; ")),
        outcomes.stream()
            .filter(outcome -> policy.said() && !outcome.done())
            .map(outcome -> "a cache reset of the plan was not done: " + outcome.text())
            .toList());
  }

  private static Expected expected(CachePolicy policy) {
    if (policy.salt() != CachePolicy.Salting.NONE || !policy.resets().isEmpty()) {
      return policy.said() ? Expected.COLD : Expected.OPEN;
    }
    return policy.said() ? Expected.WARM : Expected.OPEN;
  }

  /** The policy of a server that is reset before every run, whatever the plan says. */
  public static CachePolicy resetting(CachePolicy policy) {
    return policy.resets().isEmpty()
        ? new CachePolicy(policy.salt(), List.of(new CacheReset.ByEngine()), policy.said())
        : policy;
  }
}
