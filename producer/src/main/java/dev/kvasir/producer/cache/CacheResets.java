package dev.kvasir.producer.cache;

import dev.kvasir.producer.launch.Secrets;
import dev.kvasir.producer.plan.CacheReset;
import dev.kvasir.producer.sampling.SideRequests;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Empties the caches of a server. */
final class CacheResets {

  private static final Logger LOG = LoggerFactory.getLogger(CacheResets.class);
  private static final Duration WITHIN = Duration.ofSeconds(30);
  private static final String SIMULATOR_PATH = "/reset_prefix_cache";

  private final SideRequests requests;
  private final @Nullable String engine;

  /**
   * @param engine what the server says that it is; null when it does not say
   */
  CacheResets(SideRequests requests, @Nullable String engine) {
    this.requests = requests;
    this.engine = engine;
  }

  /**
   * What came of one reset.
   *
   * @param text what was done and what was answered
   * @param done whether the caches are empty now
   */
  record Outcome(String text, boolean done) {}

  /** Does them in order. */
  List<Outcome> all(List<CacheReset> resets) throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    for (CacheReset reset : resets) {
      Outcome outcome = one(reset);
      if (!outcome.done()) {
        LOG.warn("the next run may start warm reason=\"{}\"", outcome.text());
      }
      outcomes.add(outcome);
    }
    return outcomes;
  }

  private Outcome one(CacheReset reset) throws InterruptedException {
    return switch (reset) {
      case CacheReset.ByEngine() -> byEngine();
      case CacheReset.Known known -> call("POST", known.path());
      case CacheReset.Call(String method, String url) -> call(method, url);
      case CacheReset.Command(String shell) -> command(shell);
    };
  }

  private Outcome byEngine() throws InterruptedException {
    return switch (engine) {
      case "vllm" -> call("POST", CacheReset.Known.VLLM.path());
      case "sglang" -> call("POST", CacheReset.Known.SGLANG.path());
      case "simulator" -> call("POST", SIMULATOR_PATH);
      case null, default ->
          new Outcome(
              "auto knows no reset of %s"
                  .formatted(engine == null ? "a server that does not say what it is" : engine),
              false);
    };
  }

  private Outcome call(String method, String target) throws InterruptedException {
    URI address = target.startsWith("/") ? requests.on(target) : URI.create(target);
    String what = method + " " + Secrets.removedFromAddress(address.toString()) + ": ";
    try {
      SideRequests.Reply reply = requests.send(method, address, WITHIN);
      return new Outcome(what + "HTTP " + reply.status(), reply.isOk());
    } catch (IOException e) {
      return new Outcome(what + e, false);
    }
  }

  private static Outcome command(String shell) throws InterruptedException {
    String what = "`" + shell + "`: ";
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", shell)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(WITHIN.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return new Outcome(what + "not done within " + WITHIN.toSeconds() + " s", false);
      }
      return new Outcome(what + "exit status " + process.exitValue(), process.exitValue() == 0);
    } catch (IOException e) {
      return new Outcome(what + e.getMessage(), false);
    }
  }
}
