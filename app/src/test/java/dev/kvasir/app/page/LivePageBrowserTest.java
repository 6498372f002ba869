package dev.kvasir.app.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.kvasir.event.Verdict;
import dev.kvasir.time.WallClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.NoAlertPresentException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The page in a real browser, over a real log. */
class LivePageBrowserTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final String MARKUP = "<script>alert(1)</script>";

  @TempDir private static Path folder;
  private static LiveLog log;
  private static ChromeDriver browser;
  private static long lastNumber = 1_000;

  /** Each run starts after those before it. */
  private static long lastStart = nowSeconds();

  private final List<SyntheticRun> started = new ArrayList<>();
  private PageServer page;

  @BeforeAll
  static void startLogAndBrowser() throws Exception {
    Chromium.require();
    log = LiveLog.start(folder.resolve("log"));
    browser = Chromium.open(folder.resolve("profile"), 1440, 1100, false);
  }

  @AfterAll
  static void stopLogAndBrowser() {
    if (browser != null) {
      browser.quit();
    }
    if (log != null) {
      log.close();
    }
  }

  @BeforeEach
  void forgetOldComplaints() {
    browser.manage().logs().get(LogType.BROWSER);
  }

  @AfterEach
  void leaveThePageAndFinishTheRuns() {
    browser.get("about:blank");
    page.close();
    started.forEach(run -> log.publish(run.finished(Verdict.VALID)));
  }

  @Test
  void theNumbersMoveWhileARunGoesOnAndTheVerdictComesAtItsEnd() {
    SyntheticRun run = newRun("moving");
    page = log.openPage(0);
    browser.get(address());
    log.publish(run.started(), run.measuring());
    log.publish(run.windowsAfter(3));

    awaitText("#run-title", "hbm-cache · rate=10");
    awaitText("#run-state", "running");
    awaitText("#tile-failures .number", "0");
    awaitText("#run-progress-text", "30 of 900");
    awaitText("#tile-ttft-p99 .aside", "from 30 values only");
    String before = text("#tile-ttft-p99 .number");

    log.publish(run.windowsAfter(44));
    log.publish(run.alertRaised(40));

    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(text("#tile-ttft-p99 .number")).isNotEqualTo(before));
    awaitText("#tile-failures .number", "3");
    awaitText("#run-progress-text", "440 of 900");
    awaitText("#alert-list", "slow first token");
    assertThat(attribute("#chart-ttft", "aria-label")).contains("p99");
    assertThat(browser.findElements(By.cssSelector("figure canvas"))).hasSize(6);

    new Actions(browser).moveToElement(find("#chart-itl")).perform();
    log.publish(run.finished(Verdict.OVERLOADED, "3 of 900 requests timed out"));

    awaitText("#note-title", "Finished: overloaded");
    awaitText("#note-reasons", "3 of 900 requests timed out");
    awaitText("#run-state", "overloaded");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void aBrowserThatIsOpenedInMidRunSeesThePast() {
    SyntheticRun run = newRun("past");
    log.publish(run.started(), run.measuring());
    for (int second = 1; second <= 30; second++) {
      log.publish(run.windowsAfter(second));
    }
    page = log.openPage(0);
    browser.get(address());
    awaitText("#run-facts", "past");

    awaitText("#values-from", "0:20 to 0:30");
    choose("60");
    awaitText("#values-from", "0:00 to 0:30");
    choose("1");
    awaitText("#values-from", "0:29 to 0:30");
    awaitText("#tile-ttft-p99 .aside", "from 10 values only");
    assertThat(complaints()).isEmpty();
  }

  @Test
  void namesThatLookLikeMarkupAreShownAsText() {
    SyntheticRun run =
        new SyntheticRun(
            ++lastNumber * 1_000_000, ++lastStart, MARKUP, MARKUP, "<b>rate=1</b>", 1, 1);
    log.publish(run.started(), run.measuring(), run.alertRaised(1));
    log.publish(run.windowsAfter(2));
    log.publish(run.finished(Verdict.VALID, "<img src=x onerror=alert(2)>"));
    page = log.openPage(0);
    browser.get(address());

    awaitText("#run-title", MARKUP + " · <b>rate=1</b>");
    awaitText("#experiment", MARKUP);
    awaitText("#run-list", MARKUP);
    awaitText("#note-reasons", "<img src=x onerror=alert(2)>");
    assertThatThrownBy(() -> browser.switchTo().alert())
        .isInstanceOf(NoAlertPresentException.class);
    assertThat(browser.findElements(By.cssSelector("main script, nav script, main b b, li img")))
        .isEmpty();
    assertThat(complaints()).isEmpty();
  }

  @Test
  void thePageAsksNobodyButItsOwnServer() {
    page = log.openPage(0);
    browser.get(address());
    awaitText("#connection", "live");

    Object asked =
        browser.executeScript(
            "return performance.getEntriesByType('resource').map(entry => entry.name)");

    assertThat((List<?>) asked)
        .isNotEmpty()
        .allSatisfy(name -> assertThat((String) name).startsWith(address()));
  }

  @Test
  void aLostConnectionIsSaidAndMended() {
    page = log.openPage(0);
    browser.get(address());
    awaitText("#connection", "live");
    int port = page.port();

    page.close();

    awaitText("#lost", "connection to Kvasir is lost");
    awaitText("#connection", "connection lost");
    page = log.openPage(port);
    awaitText("#connection", "live");
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(find("#lost").isDisplayed()).isFalse());
  }

  @Test
  void aRunThatWasPickedStaysWhenANewerOneStarts() {
    SyntheticRun older = newRun("older");
    SyntheticRun newer = newRun("newer");
    log.publish(older.started(), older.measuring());
    page = log.openPage(0);
    browser.get(address());
    awaitText("#run-facts", "older");

    find("button[data-run='" + older.number() + "']").click();
    log.publish(newer.started(), newer.measuring());

    awaitText("#run-list", "newer");
    awaitText("#run-facts", "older");
    find("#follow").click();
    awaitText("#run-facts", "newer");
  }

  private SyntheticRun newRun(String experiment) {
    SyntheticRun run = SyntheticRun.named(experiment, ++lastNumber * 1_000_000, ++lastStart);
    started.add(run);
    return run;
  }

  private static long nowSeconds() {
    return WallClock.system().epochNanos() / 1_000_000_000L;
  }

  private String address() {
    return "http://127.0.0.1:" + page.port() + "/";
  }

  private static void choose(String seconds) {
    find("input[name=length][value='" + seconds + "']").click();
  }

  private static void awaitText(String selector, String expected) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(text(selector)).contains(expected));
  }

  private static WebElement find(String selector) {
    return browser.findElement(By.cssSelector(selector));
  }

  private static String text(String selector) {
    return find(selector).getText();
  }

  private static String attribute(String selector, String name) {
    return find(selector).getDomAttribute(name);
  }

  /** What the browser's console holds against the page, blocked scripts and styles among it. */
  private static List<String> complaints() {
    return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }
}
