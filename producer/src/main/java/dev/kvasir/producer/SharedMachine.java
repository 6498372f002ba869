package dev.kvasir.producer;

import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What a run's client shares with its server, which disturbs both. */
final class SharedMachine {

  /** Labels that hold where a tier keeps its files. */
  private static final List<String> PATHS =
      List.of("local_disk_path", "gds_path", "remote_fs_path");

  private static final Path DEVICES = Path.of("/sys/dev/block");

  private SharedMachine() {}

  /** Where files lie. */
  sealed interface Device {

    /** On a disk or, where the system names none, on a file system. */
    record Disk(String name) implements Device {}

    /** In memory, which is no disk to compete for. */
    record Memory() implements Device {}

    /** Nobody can tell. */
    record Unknown(String why) implements Device {}
  }

  /**
   * One sentence for each thing that is shared, or of which that cannot be told; none for simulated
   * servers, which always are beside the client.
   *
   * @param derived labels that follow from the launch; the strategy's own go before them
   * @param home folder that the client writes to
   */
  static List<String> remarks(
      Strategy strategy, String serverHost, Map<String, String> derived, Path home) {
    return remarks(strategy, serverHost, derived, home, SharedMachine::device);
  }

  /**
   * The same.
   *
   * @param device says where a path lies
   */
  static List<String> remarks(
      Strategy strategy,
      String serverHost,
      Map<String, String> derived,
      Path home,
      Function<String, Device> device) {
    if (strategy.target() instanceof Target.Simulated) {
      return List.of();
    }
    try {
      if (!isHere(serverHost)) {
        return List.of();
      }
    } catch (IOException e) {
      return List.of(
          "whether client and server share a host cannot be told: where %s is, is not known (%s)"
              .formatted(serverHost, e.getMessage()));
    }
    List<String> remarks = new ArrayList<>();
    remarks.add(
        "client and server share this host (%s): they compete for its processors and its memory"
            .formatted(serverHost));
    Map<String, String> labels = new LinkedHashMap<>(derived);
    labels.putAll(strategy.labels());
    for (String label : PATHS) {
      for (String path : paths(labels.getOrDefault(label, ""))) {
        disk(home.toString(), path, device).ifPresent(remarks::add);
      }
    }
    return remarks;
  }

  private static Optional<String> disk(String home, String tier, Function<String, Device> device) {
    return switch (device.apply(home)) {
      case Device.Memory memory -> Optional.empty();
      case Device.Unknown unknown -> Optional.of(untold(home, tier, unknown));
      case Device.Disk own ->
          switch (device.apply(tier)) {
            case Device.Memory memory -> Optional.empty();
            case Device.Unknown unknown -> Optional.of(untold(home, tier, unknown));
            case Device.Disk other when !other.equals(own) -> Optional.empty();
            case Device.Disk same ->
                Optional.of(
                    "the home %s lies on the same device (%s) as the tier at %s: what is recorded and what is measured compete for it"
                        .formatted(home, same.name(), tier));
          };
    };
  }

  private static String untold(String home, String tier, Device.Unknown unknown) {
    return "whether the home %s and the tier at %s share a device cannot be told: %s"
        .formatted(home, tier, unknown.why());
  }

  private static boolean isHere(String host) throws IOException {
    for (InetAddress address : InetAddress.getAllByName(host)) {
      if (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
        return true;
      }
    }
    return false;
  }

  /** Absolute paths of a label, which may be several between commas, and addresses of files. */
  private static List<String> paths(String text) {
    return Arrays.stream(text.split(","))
        .map(each -> each.strip().replaceFirst("^file://(localhost)?", ""))
        .filter(each -> each.startsWith("/"))
        .toList();
  }

  /** Where a path lies, or would lie if it were made. */
  static Device device(String path) {
    try {
      Path existing = Path.of(path).toAbsolutePath().normalize();
      while (!Files.exists(existing) && existing.getParent() != null) {
        existing = existing.getParent();
      }
      if (Files.getFileStore(existing).type().equals("tmpfs")) {
        return new Device.Memory();
      }
      return new Device.Disk(disk(((Number) Files.getAttribute(existing, "unix:dev")).longValue()));
    } catch (IOException | InvalidPathException e) {
      return new Device.Unknown("%s: %s".formatted(path, e.getMessage()));
    } catch (UnsupportedOperationException e) {
      return new Device.Unknown("this system does not name the devices of files");
    }
  }

  /** The name of a device's whole disk, else its number. */
  private static String disk(long device) throws IOException {
    long major = ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffL);
    long minor = (device & 0xff) | ((device >> 12) & ~0xffL);
    String number = major + ":" + minor;
    Path named = DEVICES.resolve(number);
    if (!Files.exists(named)) {
      return number;
    }
    Path real = named.toRealPath();
    Path whole = Files.exists(real.resolve("partition")) ? real.getParent() : real;
    return String.valueOf(whole == null ? number : whole.getFileName());
  }
}
