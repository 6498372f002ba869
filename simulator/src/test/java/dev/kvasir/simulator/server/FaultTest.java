package dev.kvasir.simulator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

  @Test
  void everySpellingIsUnderstood() {
    assertThat(Fault.parse("crash=2s")).isEqualTo(new Fault.Crash(Duration.ofSeconds(2)));
    assertThat(Fault.parse("skew=50ms")).isEqualTo(new Fault.Skew(Duration.ofMillis(50)));
    Map<String, Fault> spellings =
        Map.of(
            "stall=2s", new Fault.Stall(Duration.ofSeconds(2), 0),
            "stall=200ms@5", new Fault.Stall(Duration.ofMillis(200), 5),
            "reset-after=3", new Fault.ResetAfter(3),
            "close-after=0", new Fault.CloseAfter(0),
            "malformed", new Fault.Malformed(1),
            "malformed=4", new Fault.Malformed(4),
            "status=429", new Fault.Status(429),
            "drip", new Fault.Drip(8),
            "drip=16", new Fault.Drip(16),
            "garbage", new Fault.Garbage());

    spellings.forEach((text, fault) -> assertThat(Fault.parse(text)).isEqualTo(fault));
    assertThat(Fault.parse(null)).isEqualTo(Fault.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "explode",
        "stall",
        "stall=2",
        "reset-after",
        "status=200",
        "drip=0",
        "drip=x"
      })
  void whatIsNoFaultIsRefused(String text) {
    assertThatThrownBy(() -> Fault.parse(text))
        .isInstanceOf(ApiException.class)
        .hasMessageStartingWith("the fault is " + text + "; expected stall=2s");
  }
}
