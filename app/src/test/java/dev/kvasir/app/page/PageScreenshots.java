package dev.kvasir.app.page;

import dev.kvasir.event.Verdict;
import dev.kvasir.time.Pause;
import dev.kvasir.time.WallClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * Takes pictures of the page, light and dark, wide and narrow, into the folder that is its first
 * argument: of the page whose address is the second (`docs/images/live-page.png` is taken so, while
 * `kvasir run` is at work), or, without one, in the middle and at the end of a made-up experiment.
 */
final class PageScreenshots {

  private static final String EXPERIMENT = "kv-cache-tiers";

  /** Seconds of the last run that are over when the first picture is taken. */
  private static final int BEGUN = 55;

  private static final Duration SETTLE = Duration.ofSeconds(3);

  private PageScreenshots() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    Path scratch = Files.createTempDirectory("page-screenshots");
    if (arguments.length > 1) {
      shoot(arguments[1], scratch, folder, "page");
      return;
    }
    try (LiveLog log = LiveLog.start(scratch.resolve("log"));
        PageServer page = log.openPage(0)) {
      String address = "http://127.0.0.1:" + page.port() + "/";
      shoot(address, scratch, folder.resolve("empty.png"), 1440, 700, false);
      long now = WallClock.system().epochNanos() / 1_000_000_000L;
      SyntheticRun last = publishExperiment(log, now);
      Thread measuring = Thread.ofPlatform().daemon().start(() -> measure(log, last));
      shoot(address, scratch, folder, "middle");
      measuring.join();
      log.publish(
          last.alertCleared(52),
          last.finished(
              Verdict.OVERLOADED,
              "3 of 900 requests timed out",
              "attainment 84.2 % is below the target of 90 %"));
      shoot(address, scratch, folder, "finished");
    }
  }

  /** Publishes a run's windows second by second to its end. */
  private static void measure(LiveLog log, SyntheticRun run) {
    try {
      for (int second = BEGUN + 1; second <= SyntheticRun.SECONDS; second++) {
        log.publish(run.windowsAfter(second));
        Pause.of(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SyntheticRun publishExperiment(LiveLog log, long now) {
    String[] strategies = {"recompute", "hbm-cache", "cpu-offload"};
    long number = now * 1_000_000L - 2_000_000_000L;
    long start = now - 11L * 110 - BEGUN;
    SyntheticRun run = SyntheticRun.named(EXPERIMENT, number, start);
    int left = 12;
    for (String strategy : strategies) {
      for (String load : new String[] {"rate=5", "rate=10"}) {
        for (int repeat = 1; repeat <= 2; repeat++) {
          run =
              new SyntheticRun(number, start, EXPERIMENT, strategy, load, repeat, 1.0 + 0.1 * left);
          publish(log, run, --left > 0);
          number += 110_000_000L;
          start += 110;
        }
      }
    }
    return run;
  }

  private static void publish(LiveLog log, SyntheticRun run, boolean toTheEnd) {
    int until = toTheEnd ? SyntheticRun.SECONDS : BEGUN;
    List<SpecificRecord> events = new ArrayList<>(List.of(run.started(), run.measuring()));
    for (int second = 1; second <= until; second++) {
      events.addAll(run.windowsAfter(second));
    }
    log.publish(events);
    if (toTheEnd) {
      boolean slow = run.strategy().equals("recompute") && run.loadPoint().equals("rate=10");
      log.publish(
          slow
              ? run.finished(Verdict.OVERLOADED, "attainment 61.0 % is below 90 %")
              : run.finished(Verdict.VALID));
    } else {
      log.publish(run.alertRaised(36));
    }
  }

  private static void shoot(String address, Path scratch, Path folder, String moment)
      throws Exception {
    shoot(address, scratch, folder.resolve(moment + "-light.png"), 1440, 1310, false);
    shoot(address, scratch, folder.resolve(moment + "-dark.png"), 1440, 1080, true);
    shoot(address, scratch, folder.resolve(moment + "-narrow.png"), 500, 2300, false);
  }

  private static void shoot(
      String address, Path scratch, Path file, int width, int height, boolean dark)
      throws Exception {
    Path profile = Files.createTempDirectory(scratch, "profile");
    ChromeDriver browser = Chromium.open(profile, width, height, dark);
    try {
      browser.get(address);
      Pause.of(SETTLE);
      Files.write(file, browser.getScreenshotAs(OutputType.BYTES));
      browser.manage().logs().get("browser").forEach(System.out::println);
    } finally {
      browser.quit();
    }
  }
}
