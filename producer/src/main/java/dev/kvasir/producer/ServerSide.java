package dev.kvasir.producer;

import dev.kvasir.producer.cache.CacheStart;
import dev.kvasir.producer.cache.OverlapLedger;
import dev.kvasir.producer.cache.Salt;
import dev.kvasir.producer.cache.Salts;
import dev.kvasir.producer.client.Endpoint;
import dev.kvasir.producer.plan.CachePolicy;
import dev.kvasir.producer.plan.Course;
import dev.kvasir.producer.plan.RunSpec;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.sampling.ServerIdentity;
import dev.kvasir.producer.sampling.SideRequests;
import dev.kvasir.producer.workload.PromptSet;
import java.nio.file.Path;
import java.util.List;

/**
 * The server of one run as it was found when the run began.
 *
 * @param place where requests go
 * @param credentials what lets them in
 * @param requests sends requests beside the load
 * @param identity what the server says that it is
 * @param salt what stands before every prompt
 * @param cache how warm its caches were
 * @param shared what the client shares with it, one sentence each
 */
record ServerSide(
    Targets.Place place,
    Credentials credentials,
    SideRequests requests,
    ServerIdentity identity,
    Salt salt,
    CacheStart cache,
    List<String> shared)
    implements AutoCloseable {

  /**
   * Asks the server what it is, and empties its caches as the plan says.
   *
   * @param home folder that the client writes to
   * @param salts salts of the plan's execution
   * @param run number of this run
   */
  static ServerSide prepare(
      CachePolicy planned,
      RunSpec spec,
      Targets.Place place,
      Credentials credentials,
      OverlapLedger ledger,
      Course course,
      PromptSet prompts,
      Path home,
      Salts salts,
      long run)
      throws InterruptedException {
    SideRequests requests = SideRequests.to(place.endpoint(), credentials.headers());
    if (!place.problems().isEmpty()) {
      return new ServerSide(
          place,
          credentials,
          requests,
          ServerIdentity.UNKNOWN,
          Salt.NONE,
          CacheStart.UNKNOWN,
          List.of());
    }
    ServerIdentity identity = ServerIdentity.ask(requests);
    CachePolicy policy = planned.with(spec.strategy().resets());
    if (spec.strategy().target() instanceof Target.Simulated) {
      identity = new ServerIdentity("simulator", identity.version());
      policy = CacheStart.resetting(policy);
    }
    Salt salt =
        salts.of(policy.salt(), run, spec.repeat(), prompts.measured().size(), course.requests());
    CacheStart cache =
        CacheStart.prepare(
            policy, requests, identity.engine(), ledger, course.prompts(), prompts.warmUp(), salt);
    List<String> shared =
        SharedMachine.remarks(
            spec.strategy(),
            place.endpoint().host(),
            RunDescription.derived(spec.strategy(), place),
            home);
    return new ServerSide(place, credentials, requests, identity, salt, cache, shared);
  }

  Endpoint endpoint() {
    return place.endpoint();
  }

  @Override
  public void close() {
    requests.close();
  }
}
