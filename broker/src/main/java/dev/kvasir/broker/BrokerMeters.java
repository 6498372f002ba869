package dev.kvasir.broker;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What Kafka measures of the brokers in this process, which it tells to JMX alone. */
final class BrokerMeters {

  private static final String BYTES = "bytes";

  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

  private BrokerMeters() {}

  static void bindTo(MeterRegistry registry) {
    BrokerMeters meters = new BrokerMeters();
    FunctionCounter.builder(
            "kvasir.broker.records", meters, m -> m.sum(topics("MessagesInPerSec"), "Count"))
        .description("records appended to the log")
        .register(registry);
    FunctionCounter.builder(
            "kvasir.broker.in", meters, m -> m.sum(topics("BytesInPerSec"), "Count"))
        .description("bytes appended to the log")
        .baseUnit(BYTES)
        .register(registry);
    FunctionCounter.builder(
            "kvasir.broker.out", meters, m -> m.sum(topics("BytesOutPerSec"), "Count"))
        .description("bytes read from the log")
        .baseUnit(BYTES)
        .register(registry);
    Gauge.builder(
            "kvasir.broker.log",
            meters,
            m -> m.sum("kafka.log:type=Log,name=Size,topic=*,partition=*", "Value"))
        .description("bytes of the log on disk")
        .baseUnit(BYTES)
        .register(registry);
    Gauge.builder(
            "kvasir.broker.partitions.under.replicated",
            meters,
            m -> m.sum("kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions", "Value"))
        .description("partitions that lack a replica")
        .register(registry);
  }

  private static String topics(String name) {
    return "kafka.server:type=BrokerTopicMetrics,name=" + name;
  }

  /** The sum of an attribute over the beans of a name; not a number when there is none. */
  private double sum(String name, String attribute) {
    double sum = Double.NaN;
    try {
      for (ObjectName bean : beans.queryNames(new ObjectName(name), null)) {
        double value = ((Number) beans.getAttribute(bean, attribute)).doubleValue();
        sum = Double.isNaN(sum) ? value : sum + value;
      }
      return sum;
    } catch (JMException e) {
      return Double.NaN;
    }
  }
}
