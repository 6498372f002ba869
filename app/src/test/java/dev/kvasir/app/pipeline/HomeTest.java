package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

  private static final Home.Made EMBEDDED = new Home.Made("embedded", LogAddress.EMBEDDED);

  @TempDir private Path folder;
  private Home home;

  @BeforeEach
  void newHome() {
    home = Home.at(folder.resolve("home"));
  }

  private static Holder holder(long pid, String startedAt) {
    return new Holder(pid, startedAt, "up", "127.0.0.1:9", "embedded", null, null, "t".repeat(16));
  }

  private static Holder self() {
    ProcessHandle process = ProcessHandle.current();
    return holder(process.pid(), Holder.startOf(process));
  }

  @Test
  void aHomeKeepsTheKindOfLogThatItWasMadeFor() {
    home.make(EMBEDDED);
    home.make(EMBEDDED);

    assertThat(home.exists()).isTrue();
    assertThatThrownBy(() -> home.make(new Home.Made("some-cluster", "outside")))
        .hasMessageContaining("embedded")
        .hasMessageContaining("some-cluster")
        .hasMessageContaining("--home");
  }

  @Test
  void aNewHomeIsItsOwnersAloneAndOneThatIsThereStaysAsItIs() throws Exception {
    Home open = Home.at(Files.createDirectory(folder.resolve("open")));
    Files.setPosixFilePermissions(open.folder(), PosixFilePermissions.fromString("rwxr-xr-x"));

    home.make(EMBEDDED);
    open.make(EMBEDDED);

    assertThat(permissions(home)).isEqualTo("rwx------");
    assertThat(permissions(open)).isEqualTo("rwxr-xr-x");
  }

  private static String permissions(Home home) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(home.folder()));
  }

  @Test
  void oneProcessHoldsAHome() {
    HomeLock first = HomeLock.tryTake(home).orElseThrow();
    assertThat(HomeLock.tryTake(home)).isEmpty();

    first.close();
    HomeLock second = HomeLock.tryTake(home).orElseThrow();
    second.close();
  }

  @Test
  void whoHoldsAHomeIsToldToOthersAndOnlyToThem() throws Exception {
    try (HomeLock lock = HomeLock.tryTake(home).orElseThrow()) {
      lock.announce(self());

      assertThat(HomeLock.take(home)).isEqualTo(new HomeLock.Held(self()));
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(home.folder().resolve("holder.json"))))
          .isEqualTo("rw-------");
    }
    assertThat(home.folder().resolve("holder.json")).doesNotExist();
  }

  @Test
  void aHolderThatDiedHoldsNothing() throws Exception {
    Process ended = new ProcessBuilder("true").start();
    ended.waitFor();
    home.make(EMBEDDED);
    holder(ended.pid(), "2020-01-01T00:00:00Z").writeInto(home);

    assertThat(Holder.of(home)).isEmpty();
    try (HomeLock lock = HomeLock.tryTake(home).orElseThrow()) {
      lock.announce(self());
      assertThat(Holder.of(home)).contains(self());
    }
  }

  @Test
  void anotherProcessWithTheIdOfADeadHolderIsNotTheHolder() {
    home.make(EMBEDDED);
    holder(ProcessHandle.current().pid(), "2020-01-01T00:00:00Z").writeInto(home);

    assertThat(Holder.of(home)).isEmpty();
  }

  @Test
  void aHolderIsKnownAfterTheClockWasSet() throws Exception {
    try (HomeLock lock = HomeLock.tryTake(home).orElseThrow()) {
      Holder before = holder(ProcessHandle.current().pid(), "2020-01-01T00:00:00Z");
      lock.announce(before);

      assertThat(HomeLock.take(home)).isEqualTo(new HomeLock.Held(before));
    }
  }

  @Test
  void aHolderFileThatNobodyUnderstandsIsNamed() throws IOException {
    home.make(EMBEDDED);
    Path file = Files.writeString(home.folder().resolve("holder.json"), "{");

    assertThatThrownBy(() -> Holder.of(home)).hasMessageContaining(file.toString());
  }
}
