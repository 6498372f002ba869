package dev.kvasir.app.stage;

import dev.kvasir.broker.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A Kafka in a process of its own: prints its address, then stays until it is stopped. */
final class BrokerProcess {

  private BrokerProcess() {}

  public static void main(String... arguments) throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), 0)) {
      System.out.println("Kafka: " + broker.bootstrapServers());
      new CountDownLatch(1).await();
    }
  }
}
