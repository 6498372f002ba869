package dev.kvasir.producer.sampling;

import dev.kvasir.event.SampleSource;
import dev.kvasir.producer.launch.Secrets;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Prometheus page. After three failures in a row it is asked no more. */
final class MetricsPage implements Probe {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsPage.class);
  private static final Duration PATIENCE = Duration.ofMillis(900);
  private static final int MAX_FAILURES = 3;
  private static final int MAX_SERIES = 2000;

  private final SideRequests requests;
  private final URI page;
  private final SampleSource source;
  private final Map<String, String> instance;
  private int failures;
  private boolean gave;
  private @Nullable String lastFailure;

  /**
   * @param instance labels that tell this page's series from those of others
   */
  MetricsPage(SideRequests requests, URI page, SampleSource source, Map<String, String> instance) {
    this.requests = requests;
    this.page = page;
    this.source = source;
    this.instance = instance;
  }

  @Override
  public List<Reading> read() throws InterruptedException {
    if (failures == MAX_FAILURES) {
      return List.of();
    }
    try {
      SideRequests.Reply reply = requests.send("GET", page, PATIENCE);
      if (reply.status() != 200) {
        return failed("HTTP " + reply.status());
      }
      failures = 0;
      List<Reading> readings = readings(reply.body());
      gave |= !readings.isEmpty();
      lastFailure = readings.isEmpty() ? "it names none of the metrics that are taken" : null;
      return readings;
    } catch (IOException e) {
      return failed(words(e));
    }
  }

  private static String words(IOException e) {
    return e.getCause() instanceof ConnectException
        ? "no connection can be made"
        : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private List<Reading> readings(String text) {
    Map<String, String> types = source == SampleSource.GPU ? PrometheusText.types(text) : Map.of();
    List<Reading> readings = new ArrayList<>();
    for (PrometheusText.Series series : PrometheusText.read(text, MetricNames.exposed())) {
      if (Double.isNaN(series.value()) || readings.size() == MAX_SERIES) {
        continue;
      }
      MetricNames.Known known = MetricNames.known(series.name());
      Map<String, String> labels = new TreeMap<>(series.labels());
      labels.putAll(instance);
      String type = types.get(series.name());
      if (type != null) {
        labels.put("type", type);
      }
      boolean counter = type == null ? known.counter() : type.equals("counter");
      readings.add(new Reading(source, known.name(), labels, series.value(), counter));
    }
    return readings;
  }

  private List<Reading> failed(String reason) {
    failures++;
    lastFailure = reason;
    if (failures == MAX_FAILURES) {
      LOG.info(
          "a page gives no metrics and is asked no more in this run page={} reason=\"{}\"",
          name(),
          reason);
    }
    return List.of();
  }

  /** Whether it tells of the server, rather than of GPUs. */
  boolean isOfServer() {
    return source == SampleSource.SERVER;
  }

  @Override
  public String name() {
    return Secrets.removedFromAddress(page.toString());
  }

  @Override
  public @Nullable String failure() {
    return gave && failures < MAX_FAILURES ? null : lastFailure;
  }

  @Override
  public void close() {}
}
