package dev.kvasir.producer.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FootprintTest {

  private static final long THIS = ProcessHandle.current().pid();

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryThreadsAndFilesOfAProcessAreTaken(@TempDir Path folder) throws Exception {
    Map<String, Double> samples = taken(THIS);

    assertThat(samples.get("resident_bytes")).isBetween(1e7, 1e11);
    assertThat(samples.get("threads")).isGreaterThanOrEqualTo(1);
    double before = samples.get("open_files");
    List<OutputStream> files = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      files.add(Files.newOutputStream(folder.resolve("file" + i)));
    }
    assertThat(taken(THIS).get("open_files")).isGreaterThan(before + 50);
    for (OutputStream file : files) {
      file.close();
    }
  }

  @Test
  void ofAProcessThatIsGoneNothingIsTaken() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();

    assertThat(taken(process.pid())).isEmpty();
  }

  private static Map<String, Double> taken(long pid) {
    Map<String, Double> samples = new HashMap<>();
    new Footprint(pid).read(samples::put);
    return samples;
  }
}
