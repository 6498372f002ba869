package dev.kvasir.app.pipeline;

import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.SharedDoors;
import dev.kvasir.producer.shard.ShardMember;
import dev.kvasir.producer.shard.ShardMemberSettings;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.simulator.profile.Profiles;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A generator of this process that shares runs which others execute. */
public final class JoinedGenerator implements AutoCloseable {

  private final ShardMember member;

  private JoinedGenerator(ShardMember member) {
    this.member = member;
  }

  /**
   * Connects.
   *
   * @param home where events wait while Kafka is away
   * @param name what others call it; unique
   * @param servers addresses by strategy, which win over the plans'
   */
  public static JoinedGenerator open(
      Home home, LogAddress log, String name, Map<String, String> servers) {
    return new JoinedGenerator(
        ShardMember.open(
            new ShardMemberSettings(
                log.bootstrapServers(),
                log.schemas(),
                home.spill(),
                name,
                new DatasetFolder(Path.of("").toAbsolutePath()),
                Set.copyOf(Profiles.names()),
                SharedDoors.of(servers))));
  }

  /** Reports what waits for Kafka. */
  public void meter(MeterRegistry registry) {
    member.meter(registry);
  }

  /** Sends what is assigned to it, until stopped. */
  public void run() throws InterruptedException {
    Precedence.measureFirst();
    member.run();
  }

  /** Leaves what it holds to others; from any thread. */
  public void stop() {
    member.stop();
  }

  @Override
  public void close() {
    member.close();
  }
}
