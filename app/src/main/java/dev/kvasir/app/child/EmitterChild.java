package dev.kvasir.app.child;

import dev.kvasir.app.pipeline.EmitterProcess;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.ParentLine;
import dev.kvasir.producer.Precedence;
import dev.kvasir.producer.loopback.Emitter;
import dev.kvasir.time.Ticker;
import java.time.Duration;

/** The process of a loopback emitter that belongs to another kvasir. */
final class EmitterChild {

  /** What it is asked for. */
  private record Order(int tokensPerSecond) {}

  private EmitterChild() {}

  static void run(Home home, ParentLine parent) {
    Precedence.measureFirst();
    Order order = parent.hear(Order.class);
    if (order == null) {
      return;
    }
    Duration period = Duration.ofSeconds(1).dividedBy(order.tokensPerSecond());
    try (Emitter emitter = Emitter.recording(period, Ticker.system())) {
      parent.tell(new EmitterProcess.Listening(emitter.url()));
      parent.awaitEnd();
    }
  }
}
