package dev.kvasir.simulator.server;

import dev.kvasir.simulator.engine.Profile;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** One small server for each test, spoken to over real HTTP. */
abstract class WithOneServer {
  static final Duration PATIENT = Duration.ofMinutes(1);
  static final String COMPLETIONS = "/v1/completions";
  static final String CHAT = "/v1/chat/completions";

  SimulatedServers servers;
  Client client;

  static Profile quick(boolean prefixCache) {
    return new Profile(
        "quick",
        "for tests",
        new Profile.Model("Test/Tiny", 4096),
        new Profile.Scheduler(64, 512),
        new Profile.KvCache(16, 1024, prefixCache),
        new Profile.Cost(200_000, 800_000, 2_000, 0.1, 1, 100),
        new Profile.Output(1_000, 20, 0.5));
  }

  @BeforeEach
  void start() {
    servers =
        SimulatedServers.start(
            List.of(new SimulatedServers.Server("tiny", quick(true), 0, "tiny")),
            SimulatedServers.Options.defaults());
    client = new Client(servers.ports().getFirst());
  }

  @AfterEach
  void stop() {
    client.close();
    servers.close();
  }

  static String prompt(String text, int maxTokens, String more) {
    return "{\"prompt\": \"%s\", \"max_tokens\": %d%s}".formatted(text, maxTokens, more);
  }

  static String streaming(int tokens, @Nullable String fault) {
    String asked = fault == null ? "" : ", \"kvasir_fault\": \"" + fault + "\"";
    return prompt("abcd", tokens, ", \"ignore_eos\": true, \"stream\": true" + asked);
  }

  static double metric(String metrics, String name) {
    return metrics
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
