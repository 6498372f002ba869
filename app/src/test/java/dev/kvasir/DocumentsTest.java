package dev.kvasir;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say of the code is true of it. */
class DocumentsTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern TYPE = Pattern.compile("`([A-Z][a-z]+[A-Za-z]*[a-z])`");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)[^)]*\\)");

  @Test
  void everyTypeThatArchitectureNamesExists() throws IOException {
    Set<String> types =
        new ClassFileImporter()
            .importPackages("dev.kvasir").stream()
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
    Set<String> missing = new TreeSet<>();
    Matcher names = TYPE.matcher(Files.readString(ROOT.resolve("ARCHITECTURE.md")));
    while (names.find()) {
      if (!types.contains(names.group(1))) {
        missing.add(names.group(1));
      }
    }

    assertThat(missing).as("types named in ARCHITECTURE.md that do not exist").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docker/README.md"})
  void everyLinkLeadsToAFile(String document) throws IOException {
    Path file = ROOT.resolve(document);
    Matcher links = LINK.matcher(Files.readString(file));
    while (links.find()) {
      assertThat(file.resolveSibling(links.group(1))).as(document).exists();
    }
  }

  @Test
  void theComposeFileIsValid() throws Exception {
    boolean required = "1".equals(System.getenv("KVASIR_REQUIRE_COMPOSE"));
    boolean present = Files.isExecutable(Path.of("/usr/bin/docker-compose"));
    if (!present && !required) {
      System.out.println("docker-compose is not installed: docker/compose.yaml is not validated");
    }
    Assumptions.assumeTrue(present || required);

    ProcessBuilder config =
        new ProcessBuilder("docker-compose", "-f", "docker/compose.yaml", "config", "-q")
            .directory(ROOT.toFile())
            .redirectErrorStream(true);
    config.environment().put("KVASIR_PAGE_TOKEN", "any");
    config.environment().put("KVASIR_METRICS_TOKEN", "any");
    Process process = config.start();
    String said = new String(process.getInputStream().readAllBytes());

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }
}
