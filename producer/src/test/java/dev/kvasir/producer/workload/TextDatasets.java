package dev.kvasir.producer.workload;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Files that are texts in memory, in a folder {@code /data}.
 *
 * @param files by full name
 */
public record TextDatasets(Map<String, String> files) implements Datasets {

  @Override
  public String resolve(String file) {
    return file.startsWith("/") ? file : "/data/" + file;
  }

  @Override
  public boolean readable(String file) {
    return files.containsKey(resolve(file));
  }

  @Override
  public InputStream open(String file) throws IOException {
    String text = files.get(resolve(file));
    if (text == null) {
      throw new FileNotFoundException(file);
    }
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
