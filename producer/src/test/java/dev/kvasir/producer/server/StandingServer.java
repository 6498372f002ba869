package dev.kvasir.producer.server;

import dev.kvasir.producer.launch.Serving;
import dev.kvasir.producer.plan.PlanParser;
import dev.kvasir.producer.plan.Target;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.time.Ticker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A generator's process that has a server stand and waits to be killed. */
final class StandingServer {

  private StandingServer() {}

  /** What {@code serve} of a plan's strategy says. */
  static Serving serving(Path folder, String url, String serve) {
    String plan =
        """
        experiment: e
        workload: {input-tokens: 5}
        load: {rates: 1}
        strategies:
          - name: s
            model: m
            %s
            serve:
        """
            .formatted(url);
    Target target =
        new PlanParser(new DatasetFolder(folder), Set.of())
            .parse("plan.yaml", plan + serve.indent(6))
            .strategies()
            .getFirst()
            .target();
    return ((Target.Served) target).serving();
  }

  public static void main(String[] arguments) throws InterruptedException {
    Path folder = Path.of(arguments[0]);
    Serving serving =
        serving(
            folder,
            "",
            """
            command: setsid sleep 1000 & sleep 1001 & exec vllm --port ${port}
            port: 0
            environment: {PATH: "%s:%s", FAKE_RECORD: "%s"}
            """
                .formatted(arguments[1], System.getenv("PATH"), arguments[2]));
    Servers servers = new Servers(folder.resolve("logs"), List.of(), Ticker.system(), () -> false);
    Standing standing = servers.stand("s", serving, Map.of());
    System.out.println(standing instanceof Standing.Up ? "up" : standing);
    if (standing instanceof Standing.Up) {
      new CountDownLatch(1).await();
    }
  }
}
