package dev.kvasir.producer.workload;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON array, or lines of JSON, one record at a time, and remembers where each begins. A
 * record that cannot be used ends the reading, or is left out and listed when the reader is
 * lenient; broken JSON inside an array always ends it, because nothing tells where the next record
 * begins.
 */
final class RecordReader {

  /** What a record stands for. */
  interface Shape<T> {
    T read(JsonNode node) throws MalformedRecordException;
  }

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final JsonMapper ELEMENTS = JsonMapper.builder().build();
  private static final int PEEK_BYTES = 1 << 16;

  private final String file;
  private final boolean lenient;
  private final List<String> skipped = new ArrayList<>();

  /** Takes what stands in a record, and where it begins, in bytes from the start of the file. */
  private interface Taker<T> {
    void take(T value, long offset);
  }

  RecordReader(String file, boolean lenient) {
    this.file = file;
    this.lenient = lenient;
  }

  /** What was left out, with file, line and cause. */
  List<String> skipped() {
    return List.copyOf(skipped);
  }

  /** Every record, in memory. */
  <T> List<T> readAll(Datasets datasets, Shape<T> shape) {
    List<T> records = new ArrayList<>();
    read(datasets, shape, (value, offset) -> records.add(value));
    return records;
  }

  /** Every record, checked and left in the file. */
  <T> Records<T> index(Datasets datasets, Shape<T> shape) {
    Offsets offsets = new Offsets();
    read(datasets, shape, (value, offset) -> offsets.add(offset));
    return new Records<>(file, datasets, shape, offsets);
  }

  private <T> void read(Datasets datasets, Shape<T> shape, Taker<T> taker) {
    try (InputStream in = new BufferedInputStream(datasets.open(file), PEEK_BYTES)) {
      if (startsWithBracket(in)) {
        readArray(in, shape, taker);
      } else {
        readLines(in, shape, taker);
      }
    } catch (IOException unreadable) {
      throw new DatasetException(
          "%s: cannot be read: %s; check the path and its permissions"
              .formatted(file, unreadable.getMessage()));
    }
  }

  /** The first record as it stands; null when there is none or it is not JSON. */
  @Nullable JsonNode first(Datasets datasets) throws IOException {
    try (InputStream in = new BufferedInputStream(datasets.open(file), PEEK_BYTES);
        JsonParser parser = ELEMENTS.createParser(in)) {
      if (parser.nextToken() == JsonToken.START_ARRAY) {
        parser.nextToken();
      }
      return ELEMENTS.readTree(parser);
    } catch (JsonProcessingException notJson) {
      return null;
    }
  }

  private static boolean startsWithBracket(InputStream in) throws IOException {
    in.mark(PEEK_BYTES);
    int next = in.read();
    for (int i = 1; i < PEEK_BYTES && (next <= ' ' || next >= 0x80) && next >= 0; i++) {
      next = in.read();
    }
    in.reset();
    return next == '[';
  }

  private <T> void readArray(InputStream in, Shape<T> shape, Taker<T> taker) throws IOException {
    try (JsonParser parser = ELEMENTS.createParser(in)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        JsonLocation begin = parser.currentTokenLocation();
        if (begin.getByteOffset() < 0) {
          throw new DatasetException(file + " is not in UTF-8; convert it");
        }
        JsonNode node = ELEMENTS.readTree(parser);
        add(node, begin.getLineNr(), begin.getByteOffset(), shape, taker);
      }
    } catch (JsonProcessingException broken) {
      throw new DatasetException(
          "%s:%d: not JSON: %s; the rest of the array cannot be read: correct the file"
              .formatted(file, broken.getLocation().getLineNr(), cause(broken)));
    }
  }

  private <T> void readLines(InputStream in, Shape<T> shape, Taker<T> taker) throws IOException {
    Lines lines = new Lines(in);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      if (isBlank(line)) {
        continue;
      }
      try {
        add(JSON.readTree(line), lines.number(), lines.offset(), shape, taker);
      } catch (JsonProcessingException broken) {
        refuse(lines.number(), "not JSON: " + cause(broken));
      }
    }
  }

  private <T> void add(JsonNode node, long line, long offset, Shape<T> shape, Taker<T> taker) {
    try {
      taker.take(shape.read(node), offset);
    } catch (MalformedRecordException malformed) {
      refuse(line, malformed.what());
    }
  }

  private void refuse(long line, String cause) {
    String what = "%s:%d: %s".formatted(file, line, cause);
    if (!lenient) {
      throw new DatasetException(
          what + "; correct it, or leave such records out with `lenient: true` (--lenient)");
    }
    skipped.add(what);
  }

  private static String cause(JsonProcessingException broken) {
    return broken.getOriginalMessage().lines().findFirst().orElse("unreadable");
  }

  private static boolean isBlank(byte[] bytes) {
    for (byte next : bytes) {
      if (next > ' ' || next < 0) {
        return false;
      }
    }
    return true;
  }
}
