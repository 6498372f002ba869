package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a trace with its lengths, its due times and, where it names blocks, its prefix
 * sharing: the same block id is the same block of tokens all through a run. The blocks of another
 * seed are others.
 */
final class TraceWorkload implements Workload {

  private static final int LONGEST_WARM_UP = 1024;

  private final Source.Trace source;
  private final @Nullable TokenRange outputTokens;
  private final Tokenizer tokenizer;
  private final List<TraceRequest> requests;
  private final List<String> skipped;
  private final WordText text;

  TraceWorkload(
      Source.Trace source,
      @Nullable TokenRange outputTokens,
      Tokenizer tokenizer,
      List<TraceRequest> requests,
      List<String> skipped) {
    this.source = source;
    this.outputTokens = outputTokens;
    this.tokenizer = tokenizer;
    this.requests =
        requests.stream()
            .filter(request -> source.takes(request, outputTokens))
            .sorted(Comparator.comparingLong(TraceRequest::nanos))
            .toList();
    this.skipped = new ArrayList<>(skipped);
    if (this.requests.size() < requests.size()) {
      this.skipped.add(
          "%s: %d of %d requests have more than %d tokens"
              .formatted(
                  source.file(),
                  requests.size() - this.requests.size(),
                  requests.size(),
                  source.contextTokens()));
    }
    this.text = new WordText(tokenizer);
  }

  @Override
  public PromptSet prompts(int measured, int warmUp, long seed) {
    if (measured > requests.size()) {
      throw new DatasetException(
          "%s: %d requests, and %d are wanted; ask for fewer prompts"
              .formatted(source.file(), requests.size(), measured));
    }
    SplittableRandom random = new SplittableRandom(seed);
    List<Prompt> prompts = new ArrayList<>(measured);
    List<Long> dueNanos = new ArrayList<>(measured);
    for (int ordinal = 0; ordinal < measured; ordinal++) {
      TraceRequest request = requests.get(ordinal);
      int output = outputTokens == null ? request.outputTokens() : outputTokens.draw(random);
      prompts.add(
          Prompt.of(messages(request, ordinal, seed), tokens(request.inputTokens()), output));
      dueNanos.add(request.nanos() - requests.getFirst().nanos());
    }
    List<Prompt> warmUps = warmUps(warmUp, seed);
    return new PromptSet(prompts, warmUps, 0, WorkloadHash.of(prompts), dueNanos);
  }

  /** The tokens of a prompt: one word at least beside the marks. */
  private int tokens(int wanted) {
    return Math.max(wanted, tokenizer.marks() + 1);
  }

  private List<Message> messages(TraceRequest request, int ordinal, long seed) {
    int left = tokens(request.inputTokens()) - tokenizer.marks();
    List<Words> parts = new ArrayList<>();
    Integer size = source.blockTokens();
    int room = size == null ? 0 : size - tokenizer.marks();
    for (long block : request.blocks()) {
      if (room <= 0) {
        break;
      }
      int words = Math.min(room, left);
      parts.add(Words.drawn(Seed.of(seed, "block", block), words));
      left -= words;
      room = size == null ? 0 : size;
    }
    if (left > 0) {
      parts.add(Words.drawn(Seed.of(seed, "request", ordinal), left));
    }
    return ComposedMessages.user(text, parts.toArray(Words[]::new));
  }

  private List<Prompt> warmUps(int count, long seed) {
    List<Prompt> prompts = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      TraceRequest like = requests.get(i % requests.size());
      int tokens = Math.min(LONGEST_WARM_UP, tokens(like.inputTokens()));
      Words words = Words.drawn(Seed.of(seed, "warm-up", i), tokens - tokenizer.marks());
      int output = outputTokens == null ? like.outputTokens() : outputTokens.max();
      prompts.add(Prompt.of(ComposedMessages.user(text, words), tokens, output));
    }
    return prompts;
  }

  @Override
  public String tokenizer() {
    return tokenizer.name();
  }

  @Override
  public List<String> skipped() {
    return List.copyOf(skipped);
  }
}
