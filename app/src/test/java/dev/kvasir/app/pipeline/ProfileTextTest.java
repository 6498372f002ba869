package dev.kvasir.app.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.producer.plan.Target;
import dev.kvasir.simulator.engine.Profile;
import dev.kvasir.simulator.profile.Profiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileTextTest {

  @TempDir private Path folder;

  @Test
  void aPlansChangesMakeAProfileOfTheirOwn() throws IOException {
    Target.Simulated simulated =
        new Target.Simulated(
            "hbm-prefix", Map.of("kv.blocks", "20000", "kv.prefix-cache", "false"));
    Path file = Files.writeString(folder.resolve("p.yaml"), ProfileText.of(simulated));

    Profile changed = Profiles.load(file.toString());

    assertThat(changed.kv().blocks()).isEqualTo(20_000);
    assertThat(changed.kv().prefixCache()).isFalse();
    assertThat(changed.cost()).isEqualTo(Profiles.load("hbm-prefix").cost());
  }
}
