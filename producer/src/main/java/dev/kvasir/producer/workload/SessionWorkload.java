package dev.kvasir.producer.workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Conversations of several turns. Each turn repeats what was said before it, with answers made of
 * words in the lengths that are asked for, so that a schedule does not depend on what a server
 * says.
 */
final class SessionWorkload implements Workload {

  private static final String SYSTEM = "system";
  private static final String USER = "user";
  private static final String ASSISTANT = "assistant";

  private final Source.Sessions source;
  private final TokenRange outputTokens;
  private final Tokenizer tokenizer;
  private final WordText text;
  private final Map<List<String>, Integer> frames = new HashMap<>();

  SessionWorkload(Source.Sessions source, TokenRange outputTokens, Tokenizer tokenizer) {
    this.source = source;
    this.outputTokens = outputTokens;
    this.tokenizer = tokenizer;
    this.text = new WordText(tokenizer);
  }

  @Override
  public PromptSet prompts(int measured, int warmUp, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom warmUpRandom = random.split();
    int beginning = random.nextInt(text.beginnings());
    List<List<Prompt>> sessions = sessions(measured, beginning, random);
    List<Prompt> prompts = inOrder(sessions, random);
    List<Prompt> alone = new ArrayList<>();
    while (alone.size() < warmUp) {
      alone.add(alone(warmUpRandom));
    }
    return new PromptSet(prompts, alone, 0, WorkloadHash.of(prompts));
  }

  private List<List<Prompt>> sessions(int prompts, int beginning, RandomGenerator random) {
    List<Words> shared = shared(beginning, random);
    List<List<Prompt>> sessions = new ArrayList<>();
    for (int left = prompts; left > 0; left -= sessions.getLast().size()) {
      int turns = Math.min(left, source.turns().draw(random));
      sessions.add(session(sessions.size(), turns, shared, random));
    }
    return sessions;
  }

  /** The system prompts, of which each session has one; empty when there are none. */
  private List<Words> shared(int beginning, RandomGenerator random) {
    List<Words> shared = new ArrayList<>();
    for (int group = 0; group < source.prefixGroups(); group++) {
      shared.add(new Words(random.nextLong(), source.prefixTokens(), beginning + group));
    }
    return shared;
  }

  private List<Prompt> session(int session, int turns, List<Words> shared, RandomGenerator random) {
    Integer group = shared.isEmpty() ? null : session % shared.size();
    List<ComposedMessages.Part> said = new ArrayList<>();
    if (group != null) {
      said.add(new ComposedMessages.Part(SYSTEM, List.of(shared.get(group))));
    }
    List<Prompt> prompts = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      said.add(question(turn, random));
      int output = outputTokens.draw(random);
      prompts.add(
          new Prompt(new ComposedMessages(text, said), tokens(said), output, session, turn, group));
      said.add(
          new ComposedMessages.Part(ASSISTANT, List.of(Words.drawn(random.nextLong(), output))));
    }
    return prompts;
  }

  private ComposedMessages.Part question(int turn, RandomGenerator random) {
    Words question = Words.drawn(random.nextLong(), source.inputTokens().draw(random));
    boolean history = turn == 0 && source.historyTokens() > 0;
    return new ComposedMessages.Part(
        USER,
        history
            ? List.of(Words.drawn(random.nextLong(), source.historyTokens()), question)
            : List.of(question));
  }

  private int tokens(List<ComposedMessages.Part> said) {
    int words = said.stream().flatMap(part -> part.words().stream()).mapToInt(Words::tokens).sum();
    List<String> roles = said.stream().map(ComposedMessages.Part::role).toList();
    return words + frames.computeIfAbsent(roles, this::frame);
  }

  /** What the roles and the marks add: the tokens of messages of one word each, without those. */
  private int frame(List<String> roles) {
    String word = tokenizer.words().getFirst();
    List<Message> oneWordEach = roles.stream().map(role -> new Message(role, word)).toList();
    return tokenizer.count(Prompt.dialogue(oneWordEach)) - roles.size();
  }

  private List<Prompt> inOrder(List<List<Prompt>> sessions, RandomGenerator random) {
    int[] turns = sessions.stream().mapToInt(List::size).toArray();
    int[] next = new int[turns.length];
    List<Prompt> prompts = new ArrayList<>();
    for (int session : source.order().sequence(turns, random)) {
      prompts.add(sessions.get(session).get(next[session]++));
    }
    return prompts;
  }

  /** A prompt outside any session, as long as a first turn. */
  private Prompt alone(RandomGenerator random) {
    int shared = source.prefixGroups() == 0 ? 0 : source.prefixTokens();
    int words = shared + source.historyTokens() + source.inputTokens().draw(random);
    Words own = Words.drawn(random.nextLong(), words);
    return Prompt.of(
        ComposedMessages.user(text, own), words + tokenizer.marks(), outputTokens.draw(random));
  }

  @Override
  public String tokenizer() {
    return tokenizer.name();
  }

  @Override
  public List<String> skipped() {
    return List.of();
  }
}
