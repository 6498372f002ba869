package dev.kvasir.app.page;

import dev.kvasir.time.WallClock;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.avro.specific.SpecificRecord;

/**
 * Folds what the reader brings into the board and tells the open browsers, as server-sent events.
 * One event loop owns it; the reader's calls hop there.
 */
final class LiveFeed implements TopicReader.Listener {

  private static final int LARGEST_AUDIENCE = 100;
  private static final int QUEUED_BYTES = 256 * 1024;

  private static final double NANOS_PER_MILLI = 1e6;

  private final Context loop;
  private final WallClock clock;
  private final RunBoard board = new RunBoard(RunBoard.Capacity.DEFAULT);

  /** Open browsers; true for one that could not take an update and needs a snapshot. */
  private final Map<HttpServerResponse, Boolean> audience = new LinkedHashMap<>();

  private String awaited = "";
  private volatile boolean reading;
  private long undecodable;

  LiveFeed(Context loop, WallClock clock) {
    this.loop = loop;
    this.clock = clock;
  }

  @Override
  public void beginning() {
    onLoop(() -> {
      board.clear();
      undecodable = 0;
      reading = false;
      awaited = "the log to be read";
      tell("source", source());
    });
  }

  @Override
  public void waiting(String what) {
    onLoop(() -> {
      awaited = what;
      tell("source", source());
    });
  }

  @Override
  public void events(List<SpecificRecord> events, long undecodableAmongThem) {
    onLoop(() -> {
      events.forEach(board::accept);
      undecodable += undecodableAmongThem;
    });
  }

  @Override
  public void caughtUp() {
    onLoop(() -> {
      board.takeChanged().forEach(RunCard::takeChanged);
      reading = true;
      awaited = "";
      tell("snapshot", snapshot());
    });
  }

  /** Whether what was in the log has been read; from any thread. */
  boolean isReading() {
    return reading;
  }

  RunBoard board() {
    return board;
  }

  JsonObject snapshot() {
    return new JsonObject().put("source", source()).put("runs", PageJson.runs(board.runs()));
  }

  /**
   * Adds a browser, which gets a snapshot now and updates from then on.
   *
   * @return false if too many are open
   */
  boolean join(HttpServerResponse response) {
    if (audience.size() >= LARGEST_AUDIENCE) {
      return false;
    }
    response.setChunked(true).setWriteQueueMaxSize(QUEUED_BYTES);
    response.putHeader("Content-Type", "text/event-stream").putHeader("Cache-Control", "no-store");
    response.closeHandler(closed -> audience.remove(response));
    response.exceptionHandler(broken -> audience.remove(response));
    response.drainHandler(drained -> catchUp(response));
    audience.put(response, false);
    response.write(message("snapshot", snapshot()));
    return true;
  }

  /** Tells what changed since the last call. */
  void tellChanges() {
    if (!reading) {
      return;
    }
    List<RunCard> changed = board.takeChanged();
    if (changed.isEmpty()) {
      return;
    }
    JsonArray updates = new JsonArray();
    changed.forEach(card -> updates.add(PageJson.update(card, card.takeChanged())));
    tell("update", new JsonObject().put("updates", updates));
  }

  /** Tells that the connection lives, for browsers cannot see a silent loss. */
  void beat() {
    tell("source", source());
  }

  private JsonObject source() {
    return new JsonObject()
        .put("reading", reading)
        .put("awaited", awaited)
        .put("undecodable", undecodable)
        .put("now", clock.epochNanos() / NANOS_PER_MILLI);
  }

  private void tell(String name, JsonObject data) {
    if (audience.isEmpty()) {
      return;
    }
    Buffer message = message(name, data);
    for (Map.Entry<HttpServerResponse, Boolean> browser : audience.entrySet()) {
      if (browser.getKey().writeQueueFull()) {
        browser.setValue(true);
      } else {
        browser.getKey().write(message);
      }
    }
  }

  private void catchUp(HttpServerResponse response) {
    if (audience.replace(response, true, false)) {
      response.write(message("snapshot", snapshot()));
    }
  }

  private static Buffer message(String name, JsonObject data) {
    return Buffer.buffer("event: " + name + "\ndata: " + data.encode() + "\n\n");
  }

  /** Runs something on the loop and waits until it is done, which holds the reader back. */
  private void onLoop(Runnable step) {
    CountDownLatch done = new CountDownLatch(1);
    loop.runOnContext(begun -> {
      try {
        step.run();
      } finally {
        done.countDown();
      }
    });
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
