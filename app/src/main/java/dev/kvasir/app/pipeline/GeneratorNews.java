package dev.kvasir.app.pipeline;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.kvasir.event.RunFinished;
import dev.kvasir.event.RunStarted;
import dev.kvasir.producer.RunResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a generator's process tells the one that started it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "news")
@JsonSubTypes({
  @JsonSubTypes.Type(value = GeneratorNews.Ready.class, name = "ready"),
  @JsonSubTypes.Type(value = GeneratorNews.Started.class, name = "started"),
  @JsonSubTypes.Type(value = GeneratorNews.Finished.class, name = "finished"),
  @JsonSubTypes.Type(value = GeneratorNews.Resumed.class, name = "resumed"),
  @JsonSubTypes.Type(value = GeneratorNews.Warned.class, name = "warned"),
  @JsonSubTypes.Type(value = GeneratorNews.Found.class, name = "found"),
  @JsonSubTypes.Type(value = GeneratorNews.Metered.class, name = "metered"),
  @JsonSubTypes.Type(value = GeneratorNews.Done.class, name = "done"),
  @JsonSubTypes.Type(value = GeneratorNews.Failed.class, name = "failed")
})
public sealed interface GeneratorNews {

  /**
   * The plan is read and its prompts are loaded.
   *
   * @param skipped records of the data set that were left out
   */
  record Ready(List<String> skipped) implements GeneratorNews {
    public Ready {
      skipped = List.copyOf(skipped);
    }
  }

  /** A run began. */
  record Started(long run, String id) implements GeneratorNews {
    static Started of(RunStarted run) {
      return new Started(run.getRun(), run.getId());
    }
  }

  /** A run ended, and Kafka has its events. */
  record Finished(
      long run,
      String id,
      String verdict,
      List<String> reasons,
      long requestsSent,
      long requestsFinished,
      long tokensReceived)
      implements GeneratorNews {

    public Finished {
      reasons = List.copyOf(reasons);
    }

    static Finished of(RunResult result) {
      RunFinished run = result.finished();
      return new Finished(
          run.getRun(),
          result.id(),
          run.getVerdict().name(),
          run.getReasons(),
          run.getRequestsSent(),
          run.getRequestsFinished(),
          run.getTokensReceived());
    }
  }

  /** So many runs were made before and are not made again. */
  record Resumed(int runs) implements GeneratorNews {}

  /** Something to know before the runs are made, as a sentence. */
  record Warned(String text) implements GeneratorNews {}

  /** What a search found, as a sentence. */
  record Found(String text) implements GeneratorNews {}

  /** How the generator's own meters stand. */
  record Metered(List<Meter> meters) implements GeneratorNews {

    /**
     * One of them.
     *
     * @param unit null for a number of things
     * @param counts whether it only grows
     */
    record Meter(
        String name, @Nullable String unit, String description, boolean counts, double value) {}

    public Metered {
      meters = List.copyOf(meters);
    }
  }

  /** The plan was executed, or stopped when asked to. */
  record Done() implements GeneratorNews {}

  /**
   * The plan could not be executed.
   *
   * @param reason for people
   * @param usage whether the plan or its options are to blame
   */
  record Failed(String reason, boolean usage) implements GeneratorNews {}
}
