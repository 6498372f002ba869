package dev.kvasir.streams;

import dev.kvasir.time.Ticker;
import dev.kvasir.topic.ClientAccess;
import dev.kvasir.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends transactions that hang in the topics that a stage writes, its own internal ones included.
 *
 * <p>A broker that is short of time may write a record of a transaction whose coordinator, in a
 * change of leaders, has forgotten that the partition belongs to it. Nobody ends it then, and
 * whoever reads committed records waits at it for ever: the sink, and a stage that restores its
 * state. Kafka ends the others at the latest when their time is over. What is there for {@value
 * #TIMES} times as long, and unknown to the coordinator, is aborted, as {@code
 * kafka-transactions.sh} does (KIP-664). Owned by one thread.
 */
final class HangingTransactions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HangingTransactions.class);

  private static final int TIMES = 3;
  private static final Set<String> WRITTEN =
      Set.of(Topic.WINDOWS.topicName(), Topic.ALERTS.topicName());

  private final Admin admin;
  private final String internalPrefix;
  private final long limitNanos;
  private Map<Open, Long> firstSeen = Map.of();

  /** A transaction of a partition that is neither committed nor aborted. */
  private record Open(
      TopicPartition partition, long producerId, short epoch, int coordinatorEpoch, long offset) {

    static Open of(TopicPartition partition, ProducerState state) {
      return new Open(
          partition,
          state.producerId(),
          (short) state.producerEpoch(),
          state.coordinatorEpoch().orElse(0),
          state.currentTransactionStartOffset().orElseThrow());
    }

    AbortTransactionSpec abort() {
      return new AbortTransactionSpec(partition, producerId, epoch, coordinatorEpoch);
    }
  }

  /**
   * Looks for those of one application.
   *
   * @param longest how long its transactions may last
   */
  HangingTransactions(Admin admin, String applicationId, Duration longest) {
    this.admin = admin;
    this.internalPrefix = applicationId + "-";
    this.limitNanos = longest.multipliedBy(TIMES).toNanos();
  }

  /** Looks until it is closed. */
  interface Watch extends AutoCloseable {

    @Override
    void close();
  }

  /** Looks again and again, on a thread of its own. */
  static Watch watch(StreamsSettings settings, Duration longest) {
    HangingTransactions found =
        new HangingTransactions(
            Admin.create(ClientAccess.ofProcess().kafka(settings.bootstrapServers(), Map.of())),
            settings.applicationId(),
            longest);
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("hanging-transactions").daemon().factory());
    Ticker ticker = Ticker.system();
    var _ =
        thread.scheduleWithFixedDelay(
            () -> found.lookCalmly(ticker.nanos()),
            longest.toMillis(),
            longest.toMillis(),
            TimeUnit.MILLISECONDS);
    return () -> {
      thread.shutdownNow();
      found.close();
    };
  }

  private void lookCalmly(long nanos) {
    try {
      look(nanos);
    } catch (ExecutionException e) {
      LOG.debug("open transactions are not known now", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Aborts what has been open for too long.
   *
   * @param nanos the time, monotonic
   * @return how many transactions that were
   * @throws ExecutionException if Kafka does not tell which are open
   */
  int look(long nanos) throws ExecutionException, InterruptedException {
    Map<Open, Long> seen = new HashMap<>();
    for (Open open : open()) {
      seen.put(open, firstSeen.getOrDefault(open, nanos));
    }
    firstSeen = seen;
    int aborted = 0;
    for (Map.Entry<Open, Long> each : seen.entrySet()) {
      Open open = each.getKey();
      if (nanos - each.getValue() >= limitNanos && !isKnown(open) && abort(open)) {
        aborted++;
      }
    }
    return aborted;
  }

  private List<Open> open() throws ExecutionException, InterruptedException {
    Map<TopicPartition, PartitionProducerState> partitions =
        admin.describeProducers(partitions()).all().get();
    List<Open> found = new ArrayList<>();
    partitions.forEach((partition, state) ->
        state.activeProducers().stream()
            .filter(producer -> producer.currentTransactionStartOffset().isPresent())
            .forEach(producer -> found.add(Open.of(partition, producer))));
    return found;
  }

  private List<TopicPartition> partitions() throws ExecutionException, InterruptedException {
    Set<String> topics =
        admin.listTopics().names().get().stream()
            .filter(name -> WRITTEN.contains(name) || name.startsWith(internalPrefix))
            .collect(Collectors.toSet());
    List<TopicPartition> partitions = new ArrayList<>();
    for (TopicDescription topic : admin.describeTopics(topics).allTopicNames().get().values()) {
      topic
          .partitions()
          .forEach(each -> partitions.add(new TopicPartition(topic.name(), each.partition())));
    }
    return partitions;
  }

  /** Whether the coordinator knows the transaction, and will end it in this partition as in all. */
  private boolean isKnown(Open open) throws ExecutionException, InterruptedException {
    var ofProducer = new ListTransactionsOptions().filterProducerIds(Set.of(open.producerId()));
    List<String> ids =
        admin.listTransactions(ofProducer).all().get().stream()
            .map(TransactionListing::transactionalId)
            .toList();
    return admin.describeTransactions(ids).all().get().values().stream()
        .anyMatch(transaction -> transaction.topicPartitions().contains(open.partition()));
  }

  private boolean abort(Open open) throws InterruptedException {
    try {
      admin.abortTransaction(open.abort()).all().get();
      LOG.warn(
          "a transaction hung and is aborted partition={} offset={} producer_id={} epoch={}",
          open.partition(),
          open.offset(),
          open.producerId(),
          open.epoch());
      return true;
    } catch (ExecutionException e) {
      LOG.warn(
          "a transaction hangs, and whoever reads its partition waits; if nobody else has aborted it, kafka-transactions.sh can partition={} offset={} producer_id={} epoch={} reason={}",
          open.partition(),
          open.offset(),
          open.producerId(),
          open.epoch(),
          String.valueOf(e.getCause()));
      return false;
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
