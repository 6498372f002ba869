package dev.kvasir.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** A headless Chromium with a profile of its own. */
final class Chromium {

  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final String REQUIRED = "KVASIR_REQUIRE_BROWSER";

  private Chromium() {}

  /** Skips the test where there is no Chromium, unless the environment demands one. */
  static void require() {
    boolean installed = Files.isExecutable(BROWSER) && Files.isExecutable(DRIVER);
    if ("1".equals(System.getenv(REQUIRED))) {
      assertThat(installed)
          .as(
              "%s=1 demands %s and %s: install chromium and chromium-driver",
              REQUIRED, BROWSER, DRIVER)
          .isTrue();
    }
    if (!installed) {
      System.out.println(
          "The live page's browser test is skipped: install chromium and chromium-driver to run it.");
    }
    assumeTrue(installed, "Chromium is not installed");
  }

  /** Opens a browser; nothing is downloaded. */
  static ChromeDriver open(Path profile, int width, int height, boolean dark) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--hide-scrollbars",
        "--window-size=" + width + "," + height,
        "--user-data-dir=" + profile.toAbsolutePath());
    if (dark) {
      options.addArguments("--blink-settings=preferredColorScheme=0");
    }
    File driver = DRIVER.toFile();
    return new ChromeDriver(
        new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options);
  }
}
