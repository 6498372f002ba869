package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmissionCountsTest {

  @TempDir private Path folder;

  @Test
  void writesAreCountedAltogetherAndThoseToSomeRequests() throws Exception {
    Files.writeString(
        folder.resolve("requests.csv"), "server,request_id\ns,run/-1\ns,run/0\ns,run/1\n");
    Files.writeString(
        folder.resolve("emissions.csv"),
        """
        server,request_id,index,tokens,intended_nanos,emitted_nanos
        s,run/-1,0,1,1,1
        s,run/0,0,1,2,2
        s,run/0,1,1,3,3
        s,run/1,0,1,4,4
        """);

    EmissionCounts counts = new EmissionCounts(folder);

    assertThat(counts.requests()).isEqualTo(3);
    assertThat(counts.emissions()).isEqualTo(4);
    assertThat(counts.emissions(Set.of("run/0", "run/7"))).isEqualTo(2);
  }
}
