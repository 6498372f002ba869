package dev.kvasir.producer.workload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;

/** Records that were checked once and are read from their file when they are wanted. */
final class Records<T> {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String file;
  private final Datasets datasets;
  private final RecordReader.Shape<T> shape;
  private final Offsets offsets;

  Records(String file, Datasets datasets, RecordReader.Shape<T> shape, Offsets offsets) {
    this.file = file;
    this.datasets = datasets;
    this.shape = shape;
    this.offsets = offsets;
  }

  int size() {
    return offsets.size();
  }

  /**
   * Reads a record again.
   *
   * @throws DatasetException if the file is no longer what it was
   */
  T get(int index) {
    try (InputStream in = datasets.open(file, offsets.get(index));
        JsonParser parser = JSON.createParser(in)) {
      return shape.read(JSON.readTree(parser));
    } catch (IOException | MalformedRecordException changed) {
      throw new DatasetException(
          "%s: record %d cannot be read again: %s; leave the file alone while a plan uses it"
              .formatted(file, index + 1, changed.getMessage()));
    }
  }
}
