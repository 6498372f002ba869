package dev.kvasir.app.command;

import dev.kvasir.app.meter.Condition;
import dev.kvasir.app.meter.Meters;
import dev.kvasir.app.pipeline.Logs;
import dev.kvasir.app.pipeline.StageConditions;
import dev.kvasir.app.pipeline.StopSignal;
import dev.kvasir.broker.BrokerSettings;
import dev.kvasir.broker.BrokerSettings.Listener;
import dev.kvasir.broker.EmbeddedBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** A Kafka broker alone. */
@Command(
    name = "broker",
    sortOptions = false,
    description = "Run one Kafka broker on the loopback address until stopped.",
    footer = {
      "%nExamples:",
      "  kvasir --home k broker --listener CLIENT=9092 --controller-port 9093",
      "  three of one cluster, of which this is the first:",
      "  kvasir --home k1 broker --node 1 --listener CLIENT=9092 --controller-port 9093 \\",
      "    --voter 1=9093 --voter 2=9095 --voter 3=9097 --cluster-id MkU3OEVBNTcwNTJENDM2Qg \\",
      "    --replication 3 --in-sync 2"
    })
final class BrokerCommand implements Callable<ExitCode> {

  private static final Pattern LISTENER = Pattern.compile("([A-Z]+)=(\\d+)(?::(\\d+))?");
  private static final Pattern VOTER = Pattern.compile("(\\d+)=(\\d+)");

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  @ParentCommand private Kvasir kvasir;
  @Mixin private MeterOptions metrics;

  @Option(
      names = "--listener",
      required = true,
      paramLabel = "NAME=PORT[:ADVERTISED]",
      description =
          "A door for clients, of capital letters, and the port they are told to use if it is another; may be repeated.")
  private List<String> listeners = List.of();

  @Option(
      names = "--controller-port",
      required = true,
      paramLabel = "PORT",
      description = "Where the brokers of the cluster agree.")
  private int controllerPort;

  @Option(names = "--node", paramLabel = "N", description = "Number in the cluster (default: 1).")
  private int node = 1;

  @Option(
      names = "--voter",
      paramLabel = "N=PORT",
      description = "A broker of the cluster and its controller port; name all, this one too.")
  private List<String> voters = List.of();

  @Option(
      names = "--cluster-id",
      paramLabel = "ID",
      description = "22 letters and digits that the cluster's brokers share (default: drawn).")
  private @Nullable String clusterId;

  @Option(
      names = "--replication",
      paramLabel = "N",
      description = "Replicas of topics and of what Kafka keeps for itself (default: 1).")
  private short replication = 1;

  @Option(
      names = "--in-sync",
      paramLabel = "N",
      description = "Replicas that must have a record before it is acknowledged (default: 1).")
  private int inSync = 1;

  @Override
  public ExitCode call() throws InterruptedException, IOException {
    Logs.into(kvasir.home(), "broker");
    EmbeddedBroker.tellOfItsEnd(kvasir.terminal().err()::println);
    StopSignal stop = kvasir.stopSignal();
    try (Meters meters = Meters.ofThisProcess();
        var _ = metrics.serve(meters, kvasir.terminal())) {
      StageConditions.watch(meters, kvasir.home());
      meters.watch("broker", () -> Condition.STARTING);
      try (EmbeddedBroker broker = EmbeddedBroker.start(settings())) {
        broker.meter(meters.registry());
        meters.watch("broker", () -> Condition.WORKING);
        kvasir.terminal().out().println("Kafka: " + broker.bootstrapServers());
        attend(stop);
      }
    }
    return ExitCode.OK;
  }

  private void attend(StopSignal stop) throws InterruptedException {
    StageDisk disk = new StageDisk(kvasir);
    while (!stop.isRequested()) {
      disk.look();
      stop.await(LOOK_EVERY);
    }
  }

  private BrokerSettings settings() {
    List<String> quorum = new ArrayList<>();
    for (String voter : voters.isEmpty() ? List.of(node + "=" + controllerPort) : voters) {
      Matcher parts = match(VOTER, voter, "--voter", "such as 1=9093");
      quorum.add("%s@127.0.0.1:%s".formatted(parts.group(1), parts.group(2)));
    }
    try {
      return new BrokerSettings(
          kvasir.home().kafka(),
          node,
          clusterId,
          listeners.stream().map(BrokerCommand::listener).toList(),
          controllerPort,
          quorum,
          replication,
          inSync);
    } catch (IllegalArgumentException e) {
      throw new Refusal(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static Listener listener(String text) {
    Matcher parts = match(LISTENER, text, "--listener", "such as CLIENT=9092 or CLIENT=9092:19092");
    int port = Integer.parseInt(parts.group(2));
    String advertised = parts.group(3);
    return new Listener(
        parts.group(1), port, advertised == null ? port : Integer.parseInt(advertised));
  }

  private static Matcher match(Pattern pattern, String text, String option, String expected) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.matches()) {
      throw new Refusal(ExitCode.USAGE, "%s is %s; expected %s".formatted(option, text, expected));
    }
    return matcher;
  }
}
