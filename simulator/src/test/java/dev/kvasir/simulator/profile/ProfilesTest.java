package dev.kvasir.simulator.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvasir.simulator.engine.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProfilesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.kvasir.simulator.profile.Profiles#names")
  void theProfilesThatComeWithKvasirLoad(String name) {
    Profile profile = Profiles.load(name);

    assertThat(profile.name()).isEqualTo(name);
    assertThat(profile.kv().tokens()).isGreaterThanOrEqualTo(profile.model().maxContext());
  }

  /** Every file of profiles and strategies that comes with Kvasir, parts of profiles included. */
  static List<Path> files() throws Exception {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("/profiles", "/strategies")) {
      var place = Profiles.class.getResource(folder);
      assertThat(place).isNotNull();
      try (Stream<Path> found = Files.list(Path.of(place.toURI()))) {
        found.forEach(files::add);
      }
    }
    return files;
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyNumberThatComesWithKvasirNamesItsSource(Path file) throws IOException {
    ProfileDocument document = ProfileDocument.read(file.toString(), Files.readString(file));

    assertThat(document.problems()).isEmpty();
    document
        .entries()
        .forEach((path, entry) -> {
          ProfileKey key = ProfileKey.named(path);
          assertThat(key).isNotNull();
          if (key.kind().isNumber()) {
            assertThat(entry.source()).as(path).isNotBlank();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("dev.kvasir.simulator.profile.Profiles#strategies")
  void everyStrategyFitsEveryProfileThatHasAModel(String strategy) {
    for (String name : Profiles.names().subList(4, Profiles.names().size())) {
      Profile profile = Profiles.load(name, Map.of("strategy", strategy));

      assertThat(profile.name()).isEqualTo(name);
    }
    assertThat(Profiles.strategyDescription(strategy)).isNotBlank();
  }

  @Test
  void theStrategiesDifferInWhatTheyAreNamedForAndInNothingElse() {
    Profile base = Profiles.load("hbm-prefix");
    Profile recompute = Profiles.load("recompute");
    Profile fp8 = Profiles.load("kv-fp8");

    assertThat(base.kv().prefixCache()).isTrue();
    assertThat(recompute.kv().prefixCache()).isFalse();
    assertThat(recompute.cost()).isEqualTo(base.cost());
    assertThat(recompute.kv().blocks()).isEqualTo(base.kv().blocks());
    assertThat(fp8.kv().blocks()).isEqualTo(2 * base.kv().blocks());
    assertThat(fp8.cost().perContextToken()).isLessThan(base.cost().perContextToken());
    assertThat(Profiles.load("small-hbm").kv().blocks()).isLessThan(base.kv().blocks() / 4);
  }

  @Test
  void aFileExtendsAProfileByNameOrByFile() throws IOException {
    write("mine.yaml", "extends: hbm-prefix\nkv:\n  blocks: 1_000\n");
    Path child =
        write("child.yaml", "extends: mine.yaml\ncost:\n  weights-read: {value: 2ms, source: x}\n");

    Profile profile = Profiles.load(child.toString());

    assertThat(profile.name()).isEqualTo("child");
    assertThat(profile.kv().blocks()).isEqualTo(1_000);
    assertThat(profile.cost().weights()).isEqualTo(2e6);
    assertThat(profile.cost().perToken()).isEqualTo(46_600);
  }

  @Test
  void everyProblemIsNamedAtOnceWithItsLine() throws IOException {
    Path file =
        write(
            "bad.yaml",
            """
            extends: hbm-prefix
            kv:
              bloks: 7
              block-tokens: 0
              prefix-cache: maybe
            cost:
              weights-read: fast
              step-overhead: [1ms]
            model: Qwen
            """);

    assertRefused(file)
        .hasMessageContaining("bad.yaml:3: kv.bloks is not a key; did you mean blocks?")
        .hasMessageContaining(
            "bad.yaml:4: kv.block-tokens is 0; expected a whole number of at least 1")
        .hasMessageContaining("bad.yaml:5: kv.prefix-cache is maybe; expected true or false")
        .hasMessageContaining(
            "bad.yaml:7: cost.weights-read is fast; expected a duration such as 13.5ms")
        .hasMessageContaining("bad.yaml:8: cost.step-overhead is neither a value nor")
        .hasMessageContaining("bad.yaml:9: model is no section; expected the keys name");
  }

  @Test
  void aMissingKeyIsNamed() throws IOException {
    assertRefused(write("bare.yaml", "description: bare\n"))
        .hasMessageContaining(
            "bare.yaml: kv.blocks is missing; expected a whole number of at least 1");
  }

  @Test
  void aPoolThatHoldsNoWholeRequestIsRefused() throws IOException {
    assertRefused(write("tiny.yaml", "extends: hbm-prefix\nkv:\n  blocks: 100\n"))
        .hasMessage(
            "%s:3: kv.blocks x kv.block-tokens is 1600 tokens; expected at least model.max-context, 8192, so that one request fits",
            folder.resolve("tiny.yaml"));
  }

  @Test
  void whatIsNoYamlIsNamedWithItsLine() throws IOException {
    assertRefused(write("broken.yaml", "kv:\n  blocks: {value: 1\nmodel: x\n"))
        .hasMessageContaining("broken.yaml:3: ")
        .hasMessageContaining("expected YAML");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() throws IOException {
    assertRefused(write("twice.yaml", "kv:\n  blocks: 1\n  blocks: 2\n"))
        .hasMessageContaining("twice.yaml:3: ")
        .hasMessageContaining("Duplicate field 'blocks'");
  }

  @Test
  void aProfileThatExtendsItselfIsRefused() throws IOException {
    write("a.yaml", "extends: b.yaml\n");
    write("b.yaml", "extends: a.yaml\n");

    assertRefused(folder.resolve("a.yaml")).hasMessageContaining("extends itself by way of");
  }

  @Test
  void anUnknownNameGetsTheNearestKnownOne() {
    assertThatThrownBy(() -> Profiles.load("hbm-prefx"))
        .hasMessage(
            "hbm-prefx is not a profile; did you mean hbm-prefix?, or a path to a YAML file");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> Profiles.load("nowhere/x.yaml"))
        .hasMessageContaining("the profile nowhere/x.yaml cannot be read")
        .hasMessageContaining("NoSuchFileException");
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path file) {
    return assertThatThrownBy(() -> Profiles.load(file.toString()))
        .isInstanceOf(InvalidProfileException.class);
  }

  private Path write(String name, String yaml) throws IOException {
    return Files.writeString(folder.resolve(name), yaml);
  }
}
