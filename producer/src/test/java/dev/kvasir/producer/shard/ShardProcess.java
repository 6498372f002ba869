package dev.kvasir.producer.shard;

import dev.kvasir.producer.SharedDoors;
import dev.kvasir.producer.workload.DatasetFolder;
import dev.kvasir.topic.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A generator that shares runs, in a process of its own. Arguments: Kafka, folder, name, and the
 * address of the server of strategy {@code s} if it is to know one.
 */
final class ShardProcess {

  private ShardProcess() {}

  public static void main(String[] args) throws InterruptedException {
    ShardMemberSettings settings =
        new ShardMemberSettings(
            args[0],
            Registry.embedded(),
            Path.of(args[1]),
            args[2],
            new DatasetFolder(Path.of(".")),
            Set.of(),
            SharedDoors.of(args.length > 3 ? Map.of("s", args[3]) : Map.of()));
    try (ShardMember member = ShardMember.open(settings)) {
      member.run();
    }
  }

  static Process start(String kafka, Path folder, String name, @Nullable String server)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                ShardProcess.class.getName(),
                kafka,
                folder.resolve(name).toString(),
                name));
    if (server != null) {
      command.add(server);
    }
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }
}
