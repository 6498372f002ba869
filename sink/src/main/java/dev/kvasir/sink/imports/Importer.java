package dev.kvasir.sink.imports;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.kvasir.event.Phase;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of results, whichever tool wrote them, record by record. What cannot be read is told
 * with its place, and the rest is read on. One thread's.
 */
public final class Importer {

  private static final int LOOK = 1 << 16;

  private final RunAssembly assembly;
  private final Consumer<ImportedRun> runs;
  private final Consumer<Problem> problems;

  /**
   * @param options what is said about every run
   * @param runs takes each run
   * @param problems takes what is left out
   */
  public Importer(ImportOptions options, Consumer<ImportedRun> runs, Consumer<Problem> problems) {
    this.assembly = new RunAssembly(options);
    this.runs = runs;
    this.problems = problems;
  }

  /**
   * Reads one file.
   *
   * @param source what its name tells
   * @param bytes its content, from the beginning; not closed
   * @throws IOException if the bytes cannot be read
   */
  public void read(SourceFile source, InputStream bytes) throws IOException {
    if (source.name().endsWith(".pytorch.json")) {
      return;
    }
    BufferedInputStream in = new BufferedInputStream(bytes, LOOK);
    in.mark(LOOK);
    String look = new String(in.readNBytes(LOOK - 1), StandardCharsets.UTF_8);
    in.reset();
    Reading reading = new Reading(source);
    if (look.isBlank()) {
      reading.problem(null, "the file is empty");
    } else if (!look.stripLeading().matches("(?s)([\\[{]|//).*")) {
      reading.problem(null, "begins with %s; expected JSON".formatted(excerpt(look)));
    } else if (isLines(look)) {
      reading.lines(new LineStream(in));
    } else {
      reading.whole(in);
    }
    reading.end();
  }

  private static String excerpt(String look) {
    String first = look.strip().lines().findFirst().orElse("");
    return first.length() > 40 ? first.substring(0, 40) + "…" : first;
  }

  /** Whether a file holds a record on each line, judged by its beginning. */
  private static boolean isLines(String look) {
    List<String> lines =
        look.lines().map(String::strip).filter(line -> !line.isEmpty()).limit(3).toList();
    String first = lines.getFirst();
    if (lines.size() == 1) {
      boolean goesOn = first.startsWith("{") && look.length() >= LOOK - 4;
      return goesOn || isJson(first);
    }
    return first.startsWith("//")
        || isJson(first)
        || (first.length() > 1 && lines.get(1).startsWith("{\""));
  }

  private static boolean isJson(String line) {
    if (!line.startsWith("{")) {
      return false;
    }
    try (JsonParser parser =
        JsonRecord.parser(
            new java.io.ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)))) {
      parser.nextToken();
      parser.skipChildren();
      return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** One file being read. */
  private final class Reading {

    private final SourceFile source;
    private final AiperfRecords aiperf;
    private @Nullable RunDraft warmUp;
    private @Nullable Long warmUpLine;
    private int found;
    private int told;

    Reading(SourceFile source) {
      this.source = source;
      this.aiperf = new AiperfRecords(source);
    }

    void problem(@Nullable Long line, String reason) {
      told++;
      problems.accept(new Problem(source.name(), line, reason));
    }

    void lines(LineStream lines) throws IOException {
      while (lines.next()) {
        int first = lines.peek();
        while (first == ' ' || first == '\t' || first == '\r') {
          lines.read();
          first = lines.peek();
        }
        if (first >= 0 && first != '/') {
          line(lines);
        }
      }
    }

    private void line(LineStream lines) throws IOException {
      try (JsonParser parser = JsonRecord.parser(lines)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          problem(lines.number(), "holds no JSON object");
          return;
        }
        JsonRecord read = JsonRecord.read(parser, this::benchmark);
        if (parser.nextToken() != null) {
          problem(lines.number(), "more follows the object on its line");
          return;
        }
        take(read, lines.hash(), lines.number());
      } catch (JacksonException e) {
        problem(lines.number(), "is no JSON: " + message(e));
      } catch (IllegalArgumentException e) {
        problem(lines.number(), String.valueOf(e.getMessage()));
      }
    }

    void whole(InputStream in) throws IOException {
      try (JsonParser parser = JsonRecord.parser(in)) {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_ARRAY) {
          array(parser);
          return;
        }
        JsonRecord read = JsonRecord.read(parser, this::benchmark);
        take(read, source.sha256(), null);
      } catch (JacksonException e) {
        problem((long) e.getLocation().getLineNr(), "is no JSON: " + message(e));
      } catch (IllegalArgumentException e) {
        problem(null, String.valueOf(e.getMessage()));
      }
    }

    private void array(JsonParser parser) throws IOException {
      for (long place = 1; parser.nextToken() == JsonToken.START_OBJECT; place++) {
        JsonRecord read = JsonRecord.read(parser, this::benchmark);
        take(read, Hash.hex(source.sha256() + "#" + place), place);
      }
    }

    private static String message(JacksonException failure) {
      return failure.getOriginalMessage().replaceFirst(" \\(start marker at .*", "")
          + " (column %d)".formatted(failure.getLocation().getColumnNr());
    }

    private void benchmark(JsonRecord report, int index, JsonNode benchmark) {
      if (benchmark.path("metrics").isObject()) {
        give(new GuideLlmFormat(source).draft(report, index, benchmark));
      } else {
        problem(index + 1L, "the benchmark has no metrics");
      }
    }

    private void take(JsonRecord read, String hash, @Nullable Long position) {
      if (read.benchmarks() > 0) {
        return;
      }
      if (AiperfRecords.recognises(read)) {
        aiperf.add(read);
      } else if (QuantisationFormat.recognises(read)) {
        new QuantisationFormat(source).drafts(read, hash).forEach(this::give);
      } else if (AiperfSummaryFormat.recognises(read)) {
        give(new AiperfSummaryFormat(source).draft(read, hash, position));
      } else if (SglangFormat.recognises(read)) {
        give(new SglangFormat(source).draft(read, hash, position));
      } else if (VllmFormat.recognises(read)) {
        vllm(read, hash, position);
      } else {
        problem(position, "is no result that Kvasir knows; its keys are " + keys(read));
      }
    }

    private static String keys(JsonRecord read) {
      List<String> keys = read.fields().keySet().stream().limit(6).toList();
      return keys.isEmpty() ? "none" : String.join(", ", keys);
    }

    private void vllm(JsonRecord read, String hash, @Nullable Long position) {
      RunDraft draft = new VllmFormat(source).draft(read, hash, position);
      if (VllmFormat.isWarmUp(read)) {
        warmUp = draft;
        warmUpLine = position;
        return;
      }
      if (warmUp != null) {
        join(warmUp, draft);
        warmUp = null;
      }
      give(draft);
    }

    /** Warm-up requests become those of the run that follows, before its first one. */
    private void join(RunDraft before, RunDraft draft) {
      List<ImportedRequest> all = new ArrayList<>();
      long lead =
          before.startAt == null || draft.startAt == null || before.startAt > draft.startAt
              ? 0
              : draft.startAt - before.startAt;
      for (ImportedRequest each : before.requests) {
        all.add(each.at(-1 - each.ordinal(), Phase.WARM_UP, 1, each.startNanos() - lead));
      }
      all.addAll(draft.requests);
      draft.requests.clear();
      draft.requests.addAll(all);
      draft.metadata.put("warm_up_sha256", before.hash);
      if (before.position != null) {
        draft.metadata.put("warm_up_line", before.position.toString());
      }
    }

    private void give(RunDraft draft) {
      found++;
      runs.accept(assembly.run(source, draft));
    }

    void end() {
      if (!aiperf.isEmpty()) {
        give(aiperf.draft());
      }
      if (warmUp != null) {
        problem(warmUpLine, "is a warm-up record that no run follows");
      }
      if (found == 0 && told == 0) {
        problem(null, "holds no record");
      }
    }
  }
}
