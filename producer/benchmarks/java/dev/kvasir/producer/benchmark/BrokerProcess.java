package dev.kvasir.producer.benchmark;

import dev.kvasir.broker.EmbeddedBroker;
import dev.kvasir.producer.Precedence;
import dev.kvasir.topic.TopicLayout;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/**
 * A Kafka with the project's topics in a process of its own. Arguments: folder and port. Prints its
 * address and serves until its standard input ends.
 */
final class BrokerProcess {

  private BrokerProcess() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[1]);
    try (EmbeddedBroker _ = EmbeddedBroker.start(Path.of(args[0]), port)) {
      Precedence.goAfterChildren();
      String address = "127.0.0.1:" + port;
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
        TopicLayout.EMBEDDED.create(admin);
      }
      System.out.println(address);
      System.in.transferTo(OutputStream.nullOutputStream());
    }
  }
}
