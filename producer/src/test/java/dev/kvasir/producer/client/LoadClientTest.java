package dev.kvasir.producer.client;

import static dev.kvasir.producer.client.Answers.HEAD;
import static dev.kvasir.producer.client.Answers.LAST_CHUNK;
import static dev.kvasir.producer.client.Answers.chunk;
import static dev.kvasir.producer.client.Answers.ending;
import static dev.kvasir.producer.client.Answers.good;
import static dev.kvasir.producer.client.Answers.token;
import static dev.kvasir.producer.client.Answers.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kvasir.event.Outcome;
import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import dev.kvasir.producer.arrival.ArrivalProcess;
import dev.kvasir.producer.arrival.LoadPoint;
import dev.kvasir.producer.arrival.Schedule;
import dev.kvasir.time.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoadClientTest {

  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final Ticker TICKER = Ticker.system();

  private LoadClient client;

  @BeforeEach
  void open() {
    client = LoadClient.open(TICKER);
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void fiveChunksInOneSegmentShareOneStampAndOneBatch() {
    String five =
        IntStream.range(0, 5).mapToObj(i -> chunk(token("t" + i))).reduce("", String::concat);
    CountDownLatch headersRead = new CountDownLatch(1);
    try (ScriptedServer server =
        ScriptedServer.start((request, out) -> {
          write(out, HEAD + chunk(token("first")));
          headersRead.await();
          write(out, five);
          write(out, chunk(ending(6)) + LAST_CHUNK);
        })) {
      DrivenPhase phase = DrivenPhase.start(client, server.url(), 1, new Pace.Closed(1), PATIENT);
      Awaitility.await().atMost(PATIENT).until(() -> phase.tokens().size() == 1);
      headersRead.countDown();
      phase.await();

      List<TokenReceived> burst = phase.tokens().subList(1, 6);
      assertThat(burst).extracting(TokenReceived::getAt).containsOnly(burst.getFirst().getAt());
      assertThat(burst)
          .extracting(TokenReceived::getReadBatch)
          .containsOnly(burst.getFirst().getReadBatch());
      assertThat(burst).extracting(TokenReceived::getGapNanos).endsWith(0L, 0L, 0L, 0L);
      assertThat(phase.tokens().getFirst().getReadBatch())
          .isLessThan(burst.getFirst().getReadBatch());
    }
  }

  @Test
  void connectionsThatWereOpenedAheadCarryTheRequests() throws Exception {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(1)))) {
      client.connect(Endpoint.parse(server.url(), ""), 12).get();
      Awaitility.await().atMost(PATIENT).until(() -> server.connections() == 12);
      assertThat(server.requests()).isEmpty();

      DrivenPhase phase = DrivenPhase.start(client, server.url(), 12, new Pace.Closed(12), PATIENT);
      phase.await();

      assertThat(phase.finished()).hasSize(12);
      assertThat(phase.finished()).extracting(RequestFinished::getOutcome).containsOnly(Outcome.OK);
      assertThat(server.connections()).isEqualTo(12);
    }
  }

  @Test
  void aServerThatRefusesConnectionsFailsTheRequestsAndNotTheOpeningAhead() throws Exception {
    String url;
    try (ScriptedServer server = ScriptedServer.start((request, out) -> {})) {
      url = server.url();
    }
    client.connect(Endpoint.parse(url, ""), 3).get();
    DrivenPhase phase = DrivenPhase.start(client, url, 3, new Pace.Closed(3), PATIENT);
    phase.await();
    assertThat(phase.finished())
        .extracting(RequestFinished::getOutcome)
        .hasSize(3)
        .doesNotContain(Outcome.OK);
  }

  @Test
  void aClosedLoopSendsTheNextRequestWhenOneEnds() {
    CrowdedServer crowd = new CrowdedServer(3);
    try (ScriptedServer server = ScriptedServer.start(crowd)) {
      DrivenPhase phase = DrivenPhase.start(client, server.url(), 20, new Pace.Closed(3), PATIENT);
      phase.await();

      assertThat(crowd.most()).isEqualTo(3);
      assertThat(phase.finished(Outcome.OK)).hasSize(20);
      assertThat(phase.finished())
          .extracting(RequestFinished::getOrdinal)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 20).boxed().toList());
    }
  }

  @Test
  void anOpenLoopKeepsDueTimesWhenTheCapMakesRequestsQueue() throws Exception {
    Schedule schedule = schedule(200, 12);
    CrowdedServer crowd = new CrowdedServer(2);
    try (ScriptedServer server = ScriptedServer.start(crowd)) {
      client.connect(Endpoint.parse(server.url(), ""), 2).get();
      long zero = TICKER.nanos() - Duration.ofSeconds(1).toNanos();
      DrivenPhase phase =
          DrivenPhase.start(client, server.url(), 12, new Pace.Open(schedule, zero, 2), PATIENT);
      phase.await();

      assertThat(crowd.most()).isEqualTo(2);
      assertThat(phase.finished(Outcome.OK)).hasSize(12);
      assertDueTimes(phase, schedule, zero);
      assertThat(phase.sent().stream().sorted(Comparator.comparing(RequestSent::getAt)))
          .as("first due, first out")
          .isSortedAccordingTo(Comparator.comparing(RequestSent::getOrdinal));
    }
  }

  @Test
  void aLateStartCatchesUpAndLosesNoDueTime() {
    Schedule schedule = schedule(1000, 50);
    try (ScriptedServer server = ScriptedServer.start((request, out) -> write(out, good(1)))) {
      long zero = TICKER.nanos() - Duration.ofSeconds(5).toNanos();
      DrivenPhase phase =
          DrivenPhase.start(client, server.url(), 50, new Pace.Open(schedule, zero, null), PATIENT);
      phase.await();

      assertThat(phase.finished(Outcome.OK)).hasSize(50);
      assertDueTimes(phase, schedule, zero);
    }
  }

  @Test
  void aStoppedPhaseAbortsWhatIsInFlightAndNamesWhatWasNeverSent() throws Exception {
    Schedule schedule =
        Schedule.at(LongStream.range(0, 10).map(TimeUnit.HOURS::toNanos).boxed().toList());
    CountDownLatch arrived = new CountDownLatch(1);
    try (ScriptedServer server =
        ScriptedServer.start((request, out) -> {
          arrived.countDown();
          new CountDownLatch(1).await();
        })) {
      long zero = TICKER.nanos();
      DrivenPhase phase =
          DrivenPhase.start(client, server.url(), 10, new Pace.Open(schedule, zero, null), PATIENT);
      assertThat(arrived.await(1, TimeUnit.MINUTES)).isTrue();

      client.stop();
      phase.await();

      assertThat(phase.finished(Outcome.ABORTED)).hasSize(1);
      assertThat(phase.finished(Outcome.NOT_SENT)).hasSize(9);
      assertThat(phase.finished(Outcome.NOT_SENT))
          .allSatisfy(end -> assertThat(end.getSentAt()).isNull());
      assertDueTimes(phase, schedule, zero);
    }
  }

  @Test
  void anIdleConnectionIsUsedAgain() {
    AtomicInteger requests = new AtomicInteger();
    try (ScriptedServer server =
        ScriptedServer.start((request, out) -> {
          requests.incrementAndGet();
          write(out, good(2));
        })) {
      DrivenPhase.start(client, server.url(), 5, new Pace.Closed(1), PATIENT).await();

      assertThat(requests).hasValue(5);
      assertThat(server.connections()).isEqualTo(1);
      assertThat(server.requests())
          .allSatisfy(request -> {
            assertThat(request.header("x-test")).isEqualTo("yes");
            assertThat(request.header("content-type")).isEqualTo("application/json");
            assertThat(request.header("accept-encoding")).isEmpty();
            assertThat(request.body()).contains("\"prompt\":\"hi\"");
          });
    }
  }

  @Test
  void aRequestOnAConnectionThatDiedOfOldAgeIsSentAgain() {
    AtomicInteger requests = new AtomicInteger();
    try (ScriptedServer server =
        ScriptedServer.start((request, out) -> {
          if (requests.incrementAndGet() % 2 == 0) {
            out.close();
          } else {
            write(out, good(2));
          }
        })) {
      DrivenPhase phase = DrivenPhase.start(client, server.url(), 6, new Pace.Closed(1), PATIENT);
      phase.await();

      assertThat(phase.finished(Outcome.OK)).hasSize(6);
      assertThat(phase.sent()).hasSize(6);
      assertThat(server.requests())
          .hasSizeGreaterThan(6)
          .allMatch(request -> request.body().contains("\"prompt\":\"hi\""));
      assertThat(phase.finished())
          .allSatisfy(end -> assertThat(end.getSentAt()).isLessThan(end.getHeadersAt()));
    }
  }

  @Test
  void aServerThatClosesEveryConnectionAtOnceIsNotAskedForEver() {
    try (ScriptedServer server = ScriptedServer.start((request, out) -> out.close())) {
      DrivenPhase phase = DrivenPhase.start(client, server.url(), 3, new Pace.Closed(1), PATIENT);
      phase.await();

      assertThat(phase.finished(Outcome.CONNECTION_FAILED)).hasSize(3);
      assertThat(server.requests()).hasSize(3);
    }
  }

  private static Schedule schedule(double rate, int requests) {
    return Schedule.of(new LoadPoint.Open(new ArrivalProcess.Poisson(), rate, null), requests, 42);
  }

  private static void assertDueTimes(DrivenPhase phase, Schedule schedule, long zero) {
    assertThat(phase.finished()).hasSize(schedule.size());
    long[] due = schedule.dueNanos().toArray();
    assertThat(phase.finished())
        .allSatisfy(end ->
            assertThat(end.getDueAt())
                .isEqualTo(DrivenPhase.ANCHOR.epochAt(zero + due[end.getOrdinal()])));
  }

  /** Answers nobody until so many requests are there, and counts the most at one time. */
  private static final class CrowdedServer implements ScriptedServer.Script {

    private final CountDownLatch crowd;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    CrowdedServer(int crowd) {
      this.crowd = new CountDownLatch(crowd);
    }

    @Override
    public void answer(ScriptedServer.Request request, OutputStream out)
        throws IOException, InterruptedException {
      most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
      crowd.countDown();
      crowd.await();
      inFlight.decrementAndGet();
      write(out, good(1));
    }

    int most() {
      return most.get();
    }
  }
}
