package dev.kvasir.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.plan.Plan;
import dev.kvasir.producer.plan.Strategy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedMachineTest {

  private static final Path HOME = Path.of("/data/home");
  private static final Strategy REMOTE = strategy(Plans.of("e", "rates: [1]", url(), 10, 0));

  @Test
  void aServerOnThisHostIsRemarked() {
    assertThat(SharedMachine.remarks(REMOTE, "127.0.0.1", Map.of(), HOME))
        .singleElement()
        .asString()
        .startsWith("client and server share this host (127.0.0.1)");
  }

  @Test
  void aServerElsewhereIsNot() {
    assertThat(SharedMachine.remarks(REMOTE, "192.0.2.1", Map.of(), HOME)).isEmpty();
  }

  @Test
  void aSimulatedServerIsBesideTheClientByItsNature() {
    Strategy simulated = strategy(Plans.simulated("e", "rates: [1]", 10));

    assertThat(SharedMachine.remarks(simulated, "127.0.0.1", Map.of(), HOME)).isEmpty();
  }

  @Test
  void aTierOnTheHomesDeviceIsRemarked() {
    Map<String, String> derived =
        Map.of("local_disk_path", "file:///data/kv/,/nvme/kv", "gds_path", "/gds");

    List<String> remarks =
        SharedMachine.remarks(
            REMOTE,
            "localhost",
            derived,
            HOME,
            path -> new SharedMachine.Device.Disk(path.startsWith("/data") ? "sda" : "nvme0"));

    assertThat(remarks).hasSize(2);
    assertThat(remarks.get(1))
        .contains("home /data/home lies on the same device (sda) as the tier at /data/kv/");
  }

  @Test
  void memoryIsNoDeviceThatIsShared() {
    assertThat(remarks(path -> new SharedMachine.Device.Memory())).hasSize(1);
  }

  @Test
  void aDeviceThatNobodyKnowsIsSaidToBeUnknown() {
    assertThat(remarks(path -> new SharedMachine.Device.Unknown("no permission")))
        .hasSize(2)
        .element(1)
        .asString()
        .contains("whether the home /data/home and the tier at /gds share a device")
        .endsWith("no permission");
  }

  @Test
  void aPathThatCannotBeOneHasAnUnknownDevice() {
    assertThat(SharedMachine.device("/data/\0")).isInstanceOf(SharedMachine.Device.Unknown.class);
  }

  @Test
  void aServerThatNobodyFindsIsSaidToBeUnknown() {
    assertThat(SharedMachine.remarks(REMOTE, "[nowhere", Map.of(), HOME))
        .singleElement()
        .asString()
        .startsWith("whether client and server share a host cannot be told");
  }

  @Test
  void aPathThatIsNotThereYetWouldBeOnItsParentsDevice(@TempDir Path folder) {
    assertThat(SharedMachine.device(folder.resolve("not/there").toString()))
        .isEqualTo(SharedMachine.device(folder.toString()));
  }

  private static List<String> remarks(Function<String, SharedMachine.Device> device) {
    return SharedMachine.remarks(REMOTE, "localhost", Map.of("gds_path", "/gds"), HOME, device);
  }

  private static String url() {
    return "http://127.0.0.1:1/v1/completions";
  }

  private static Strategy strategy(Plan plan) {
    return plan.strategies().getFirst();
  }
}
