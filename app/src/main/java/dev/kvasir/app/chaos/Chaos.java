package dev.kvasir.app.chaos;

import dev.kvasir.app.chaos.Fault.Kind;
import dev.kvasir.app.pipeline.Home;
import dev.kvasir.app.pipeline.Topics;
import dev.kvasir.time.Pause;
import dev.kvasir.time.Ticker;
import dev.kvasir.topic.TopicLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Runs every stage as a process of its own under load, breaks them in the order that a seed says,
 * lets the dust settle and compares what is left. Owned by one thread.
 */
public final class Chaos {

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration STARTED_WITHIN = Duration.ofMinutes(3);
  private static final Duration BACK_WITHIN = Duration.ofMinutes(3);
  private static final Duration ENDED_WITHIN = Duration.ofMinutes(3);
  private static final Duration SLOW = Duration.ofMillis(150);
  private static final long DISK_BYTES = 256 << 10;
  private static final int LAST_RUN_REQUESTS = 10;

  private final Settings settings;
  private final Consumer<String> news;
  private final Ticker ticker = Ticker.system();
  private final PriorityQueue<End> ends =
      new PriorityQueue<>(Comparator.comparingLong(End::atNanos));
  private final Map<Part, Long> thereSince = new EnumMap<>(Part.class);
  private final List<Casualty> casualties = new ArrayList<>();

  /**
   * What to do.
   *
   * @param folder a new folder, for everything that the processes keep and say
   * @param seed what the faults are drawn from
   * @param kills how often a process is killed
   * @param load what is sent meanwhile
   */
  public record Settings(Path folder, long seed, int kills, ChaosLoad load) {

    public Settings {
      if (kills < 1) {
        throw new IllegalArgumentException(kills + " kills are asked for; at least one is needed");
      }
    }
  }

  /** When a fault ends, and what ends it. */
  private record End(long atNanos, Part part, Action action) {}

  /** Something done to a process. */
  @FunctionalInterface
  private interface Action {
    void run() throws InterruptedException;
  }

  private Chaos(Settings settings, Consumer<String> news) {
    this.settings = settings;
    this.news = news;
  }

  /**
   * Makes chaos.
   *
   * @param news hears one line for everything that happens
   * @throws IllegalStateException if the processes do not even work undisturbed
   */
  public static ChaosReport make(Settings settings, Consumer<String> news)
      throws InterruptedException {
    return new Chaos(settings, news).make();
  }

  private ChaosReport make() throws InterruptedException {
    long began = ticker.nanos();
    Thread cleanUp;
    try (Arena arena = Arena.in(settings.folder(), settings.load(), ticker);
        Pulse pulse = new Pulse(arena)) {
      cleanUp = new Thread(arena::close, "chaos-clean-up");
      Runtime.getRuntime().addShutdownHook(cleanUp);
      startAll(arena, pulse);
      int number = 0;
      for (List<Fault> round : FaultPlan.draw(settings.seed(), settings.kills())) {
        befall(arena, round);
        awaitBack(arena, pulse, round, ++number);
      }
      settle(arena);
      List<Integer> ownEnds = new ArrayList<>();
      for (Part part : Part.values()) {
        ownEnds.addAll(arena.process(part).ownEnds());
      }
      List<Finding> findings = new Inquest(arena).findings(news);
      Runtime.getRuntime().removeShutdownHook(cleanUp);
      return new ChaosReport(
          settings, casualties, findings, ownEnds, Duration.ofNanos(ticker.nanos() - began));
    }
  }

  private void startAll(Arena arena, Pulse pulse) throws InterruptedException {
    arena.process(Part.BROKER).start();
    prepareTopics(arena);
    for (Part part : List.of(Part.SIMULATOR, Part.STREAMS, Part.SINK)) {
      arena.process(part).start();
    }
    arena.process(Part.PRODUCER).start();
    for (Part part : Part.values()) {
      awaitWork(arena, pulse, part);
    }
    news.accept("all %d processes work".formatted(Part.values().length));
  }

  private void prepareTopics(Arena arena) throws InterruptedException {
    long until = ticker.nanos() + STARTED_WITHIN.toNanos();
    while (true) {
      try {
        Topics.prepare(arena.log(), TopicLayout.EMBEDDED);
        return;
      } catch (IllegalStateException e) {
        if (ticker.nanos() > until) {
          throw e;
        }
      }
    }
  }

  /** Waits until there is something that only a working process makes. */
  private void awaitWork(Arena arena, Pulse pulse, Part part) throws InterruptedException {
    long until = ticker.nanos() + STARTED_WITHIN.toNanos();
    while (pulse.of(part).orElse(0) == 0) {
      if (ticker.nanos() > until) {
        throw new IllegalStateException(
            "the %s does not work after %d s, and nothing has been broken yet; see %s"
                .formatted(part, STARTED_WITHIN.toSeconds(), arena.folder()));
      }
      arena.tend();
      Pause.of(LOOK_EVERY);
    }
  }

  private void befall(Arena arena, List<Fault> round) throws InterruptedException {
    for (Fault fault : round) {
      runUntil(arena, ticker.nanos() + fault.after().toNanos());
      begin(arena, fault);
    }
    while (!ends.isEmpty()) {
      runUntil(arena, ends.element().atNanos());
    }
  }

  private void runUntil(Arena arena, long time) throws InterruptedException {
    while (true) {
      while (!ends.isEmpty() && ends.element().atNanos() <= ticker.nanos()) {
        End end = ends.remove();
        end.action().run();
        thereSince.put(end.part(), ticker.nanos());
      }
      if (ticker.nanos() >= time) {
        return;
      }
      arena.tend();
      Pause.of(Duration.ofMillis(10));
    }
  }

  private void begin(Arena arena, Fault fault) throws InterruptedException {
    PartProcess process = arena.process(fault.part());
    List<FaultProxy> doors = arena.doors(fault.part());
    switch (fault.kind()) {
      case KILL -> {
        process.kill();
        then(fault, process::start);
      }
      case RESTART -> {
        process.resume();
        process.end();
        then(fault, process::start);
      }
      case SUSPEND -> {
        process.suspend();
        then(fault, process::resume);
      }
      case CUT -> {
        doors.forEach(FaultProxy::cut);
        then(fault, () -> {});
      }
      case PART -> {
        doors.forEach(door -> door.refuse(true));
        then(fault, () -> doors.forEach(door -> door.refuse(false)));
      }
      case DELAY -> {
        doors.forEach(door -> door.delay(SLOW));
        then(fault, () -> doors.forEach(door -> door.delay(Duration.ZERO)));
      }
      case FULL -> {
        process.limitFiles(DISK_BYTES);
        then(fault, () -> process.limitFiles(null));
      }
    }
  }

  private void then(Fault fault, Action action) {
    long length = fault.kind() == Kind.CUT ? 0 : fault.length().toNanos();
    ends.add(new End(ticker.nanos() + length, fault.part(), action));
  }

  /** Waits until everyone has done something new since those that it needs have. */
  private void awaitBack(Arena arena, Pulse pulse, List<Fault> round, int number)
      throws InterruptedException {
    Map<Part, Long> backAt = new EnumMap<>(Part.class);
    Map<Part, Long> before = new EnumMap<>(Part.class);
    long until = ticker.nanos() + BACK_WITHIN.toNanos();
    while (backAt.size() < Part.values().length && ticker.nanos() < until) {
      arena.tend();
      for (Part part : Part.values()) {
        if (!backAt.containsKey(part)
            && backAt.keySet().containsAll(part.needs())
            && hasNews(pulse, part, before)) {
          backAt.put(part, ticker.nanos());
        }
      }
      Pause.of(LOOK_EVERY);
    }
    Map<Part, Duration> back = new EnumMap<>(Part.class);
    backAt.forEach((part, at) -> back.put(part, Duration.ofNanos(at - there(part, backAt, at))));
    round.forEach(fault -> casualties.add(new Casualty(fault, back.get(fault.part()))));
    news.accept(line(number, round, back));
    thereSince.clear();
  }

  /** Since when a process and all that it needs has been there. */
  private long there(Part part, Map<Part, Long> backAt, long now) {
    long since = thereSince.getOrDefault(part, now);
    for (Part needed : part.needs()) {
      since = Math.max(since, backAt.getOrDefault(needed, now));
    }
    return Math.min(since, now);
  }

  private static boolean hasNews(Pulse pulse, Part part, Map<Part, Long> before)
      throws InterruptedException {
    OptionalLong now = pulse.of(part);
    if (now.isEmpty()) {
      return false;
    }
    Long earlier = before.put(part, now.getAsLong());
    return part.needs().isEmpty() || (earlier != null && earlier != now.getAsLong());
  }

  private static String line(int number, List<Fault> round, Map<Part, Duration> back) {
    StringBuilder line = new StringBuilder("round " + number + ":");
    for (Fault fault : round) {
      Duration after = back.get(fault.part());
      line.append(
          " %s %s (%s);"
              .formatted(
                  fault.part(),
                  fault.kind().text(),
                  after == null
                      ? "not back"
                      : String.format(Locale.ROOT, "back after %.1f s", seconds(after))));
    }
    return line.substring(0, line.length() - 1);
  }

  private static double seconds(Duration length) {
    return length.toMillis() / 1e3;
  }

  /** Ends the load, and has a last producer tell what became of everything before. */
  private void settle(Arena arena) throws InterruptedException {
    news.accept("the dust settles");
    arena.process(Part.PRODUCER).end();
    ChaosLoad load = settings.load();
    Path plan =
        new ChaosLoad(load.requestsPerSecond(), LAST_RUN_REQUESTS, load.tokensPerRequest())
            .write(arena.folder(), "chaos-end", 1);
    PartProcess last = arena.producerOf(plan, ticker);
    last.start();
    Integer status = last.await(ENDED_WITHIN);
    if (status == null || (status != 0 && status != 4)) {
      last.kill();
      throw new IllegalStateException(
          "the last producer ended with status %s; see %s"
              .formatted(status, arena.folder().resolve("producer.out")));
    }
  }

  /** The home of the tables, for whoever wants to look. */
  static Home tables(Arena arena) {
    return Home.at(arena.process(Part.SINK).home());
  }
}
