package dev.kvasir.producer;

import dev.kvasir.producer.plan.Strategy;
import dev.kvasir.producer.plan.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run's client shares with its server, which disturbs both. */
final class SharedMachine {

  private static final Logger LOG = LoggerFactory.getLogger(SharedMachine.class);

  /** Labels that hold where a tier keeps its files. */
  private static final List<String> PATHS =
      List.of("local_disk_path", "gds_path", "remote_fs_path");

  private static final Path DEVICES = Path.of("/sys/dev/block");

  private SharedMachine() {}

  /**
   * One sentence for each thing that is shared; none for simulated servers, which always are beside
   * the client.
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
   * @param device names the device of a path; null where it is not known
   */
  static List<String> remarks(
      Strategy strategy,
      String serverHost,
      Map<String, String> derived,
      Path home,
      Function<Path, @Nullable String> device) {
    List<String> remarks = new ArrayList<>();
    if (strategy.target() instanceof Target.Simulated || !isHere(serverHost)) {
      return remarks;
    }
    remarks.add(
        "client and server share this host (%s): they compete for its processors and its memory"
            .formatted(serverHost));
    Map<String, String> labels = new LinkedHashMap<>(derived);
    labels.putAll(strategy.labels());
    String own = device.apply(home);
    for (String label : PATHS) {
      for (String path : paths(labels.getOrDefault(label, ""))) {
        if (own != null && own.equals(device.apply(Path.of(path)))) {
          remarks.add(
              "the home %s lies on the same device (%s) as the tier at %s: what is recorded and what is measured compete for it"
                  .formatted(home, own, path));
        }
      }
    }
    return remarks;
  }

  private static boolean isHere(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null) {
          return true;
        }
      }
    } catch (UnknownHostException | SocketException e) {
      LOG.debug("nobody knows where {} is: {}", host, e.getMessage());
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

  /**
   * The disk that a path is or would be on, the file system where the system names no disk; null
   * where it is memory or cannot be known.
   */
  static @Nullable String device(Path path) {
    Path existing = path.toAbsolutePath().normalize();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null) {
      return null;
    }
    try {
      if (Files.getFileStore(existing).type().equals("tmpfs")) {
        return null;
      }
      long device = ((Number) Files.getAttribute(existing, "unix:dev")).longValue();
      return disk(device);
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      LOG.debug("the device of {} cannot be found: {}", existing, e.getMessage());
      return null;
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
