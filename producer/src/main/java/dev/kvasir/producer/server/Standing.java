package dev.kvasir.producer.server;

import dev.kvasir.producer.launch.Launch;
import java.util.List;

/** Whether a strategy's servers are up. */
public sealed interface Standing {

  /**
   * They are ready.
   *
   * @param launch how they were started
   */
  record Up(Launch launch) implements Standing {}

  /**
   * They did not come up.
   *
   * @param launch how they were started
   * @param reasons why, one sentence each, the end of the log among them
   */
  record Down(Launch launch, List<String> reasons) implements Standing {
    public Down {
      reasons = List.copyOf(reasons);
    }
  }

  /** How they were started. */
  Launch launch();
}
