package dev.kvasir.topic;

import dev.kvasir.event.AlertCleared;
import dev.kvasir.event.AlertRaised;
import dev.kvasir.event.PhaseStarted;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestReported;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.ResultReported;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunImported;
import dev.kvasir.event.RunLabelled;
import dev.kvasir.event.RunRetracted;
import dev.kvasir.event.RunScored;
import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Sampled;
import dev.kvasir.event.ShardFinished;
import dev.kvasir.event.ShardOffered;
import dev.kvasir.event.ShardTaken;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.event.WindowMeasured;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;

/** The topics of a log. Requests and tokens share key and partition count, and so partitions. */
public enum Topic {
  RUNS(
      "kvasir.runs",
      EventKey.Kind.RUN,
      List.of(
          RunStarted.class,
          PhaseStarted.class,
          RunFinished.class,
          RunLabelled.class,
          RunScored.class,
          RunImported.class,
          ResultReported.class,
          RunRetracted.class)),
  REQUESTS(
      "kvasir.requests",
      EventKey.Kind.REQUEST,
      List.of(RequestSent.class, RequestFinished.class, RequestReported.class)),
  TOKENS("kvasir.tokens", EventKey.Kind.REQUEST, List.of(TokenReceived.class)),
  SAMPLES("kvasir.samples", EventKey.Kind.RUN, List.of(Sampled.class)),
  WINDOWS("kvasir.windows", EventKey.Kind.RUN, List.of(WindowMeasured.class)),
  ALERTS("kvasir.alerts", EventKey.Kind.RUN, List.of(AlertRaised.class, AlertCleared.class)),
  SHARDS(
      "kvasir.shards",
      EventKey.Kind.SHARD,
      List.of(ShardOffered.class, ShardTaken.class, ShardFinished.class));

  private static final Map<Class<?>, Topic> BY_EVENT =
      Arrays.stream(values())
          .flatMap(topic -> topic.events.stream().map(event -> Map.entry(event, topic)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private final String topicName;
  private final EventKey.Kind key;
  private final List<Class<? extends SpecificRecord>> events;

  Topic(String topicName, EventKey.Kind key, List<Class<? extends SpecificRecord>> events) {
    this.topicName = topicName;
    this.key = key;
    this.events = events;
  }

  /** The name in Kafka. */
  public String topicName() {
    return topicName;
  }

  /** What the records' keys are made of. */
  public EventKey.Kind key() {
    return key;
  }

  /** The events that the topic carries. */
  public List<Class<? extends SpecificRecord>> events() {
    return events;
  }

  /** The topic that carries an event. */
  public static Topic of(SpecificRecord event) {
    Topic topic = BY_EVENT.get(event.getClass());
    if (topic == null) {
      throw new IllegalArgumentException(event.getClass().getName() + " belongs to no topic");
    }
    return topic;
  }
}
