package dev.kvasir.streams;

import dev.kvasir.topic.ClientAccess;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running topology. The topics that it reads must exist when it starts. */
public final class StreamsStage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamsStage.class);

  private static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(1500);
  private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final int BUFFERED_RECORDS = 10_000;

  private final KafkaStreams streams;
  private final HangingTransactions.Watch transactions;
  private final CountDownLatch running = new CountDownLatch(1);

  private StreamsStage(StreamsSettings settings, Topology topology) {
    String instance = InstanceId.in(settings.stateFolder());
    streams =
        new KafkaStreams(
            topology,
            properties(settings, instance),
            new StageClients(settings.applicationId(), instance));
    transactions = HangingTransactions.watch(settings, TRANSACTION_TIMEOUT);
    streams.setUncaughtExceptionHandler(failure -> {
      LOG.error("a stream thread failed and is replaced", failure);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    });
    streams.setStateListener((now, before) -> {
      LOG.debug("the stage changes from={} to={}", before, now);
      if (now == KafkaStreams.State.RUNNING) {
        running.countDown();
      }
    });
  }

  /**
   * Starts the stage; {@link #awaitRunning} tells when it reads.
   *
   * @throws IllegalStateException if Kafka does not answer or lacks a topic
   */
  public static StreamsStage start(StreamsSettings settings) {
    return start(settings, KvasirTopology.of(settings.registry()));
  }

  /** The same with another form of the topology. */
  static StreamsStage start(StreamsSettings settings, Topology topology) {
    StartOffsets.set(settings.bootstrapServers(), settings.applicationId());
    StreamsStage stage = new StreamsStage(settings, topology);
    stage.streams.start();
    return stage;
  }

  /**
   * Waits until every partition is being read.
   *
   * @throws TimeoutException if that takes longer than the limit
   */
  public void awaitRunning(Duration limit) throws InterruptedException, TimeoutException {
    if (!running.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new TimeoutException(
          "the stream stage is not running after %d s; its state is %s: check that Kafka is reachable"
              .formatted(limit.toSeconds(), streams.state()));
    }
  }

  /** Reports what Kafka Streams and its clients measure of themselves. */
  public void meter(MeterRegistry registry) {
    new KafkaStreamsMetrics(streams).bindTo(registry);
  }

  /** How the stage stands now. */
  public KafkaStreams.State state() {
    return streams.state();
  }

  /** Commits what was read, leaves the group and stops. */
  @Override
  public void close() {
    transactions.close();
    boolean closed =
        streams.close(
            CloseOptions.timeout(CLOSE_TIMEOUT)
                .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    if (!closed) {
      LOG.warn("the stream stage did not stop limit_s={}", CLOSE_TIMEOUT.toSeconds());
    }
  }

  private static Properties properties(StreamsSettings settings, String instance) {
    Properties config = new Properties();
    config.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    config.putAll(ClientAccess.ofProcess().kafka(settings.bootstrapServers(), Map.of()));
    config.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateFolder().toString());
    config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL.toMillis());
    config.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
    config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    config.put("processing.exception.handler.global.enabled", true);
    config.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
    config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    // A member that comes back under its id need not wait for its old session to end.
    config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instance);
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
        (int) SESSION_TIMEOUT.toMillis());
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
        (int) HEARTBEAT_INTERVAL.toMillis());
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), BUFFERED_RECORDS);
    config.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    config.put(
        StreamsConfig.producerPrefix(
            org.apache.kafka.clients.producer.ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        (int) TRANSACTION_TIMEOUT.toMillis());
    return config;
  }
}
