package dev.kvasir.app.pipeline;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The child's end of the JSON lines between a process and the {@link ChildJvm} that it started. */
public final class ParentLine {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final BufferedReader in;
  private final Writer out;

  private ParentLine(InputStream in, OutputStream out) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = new OutputStreamWriter(out, StandardCharsets.UTF_8);
  }

  /** Over a process's standard input and output, of which it must make no other use. */
  public static ParentLine over(InputStream in, OutputStream out) {
    return new ParentLine(in, out);
  }

  /** Waits for the next message; null when the parent has closed the line or died. */
  public <T> @Nullable T hear(Class<T> type) {
    try {
      String line = in.readLine();
      return line == null ? null : JSON.readValue(line, type);
    } catch (JacksonException e) {
      throw new IllegalStateException(
          "this command speaks with the kvasir that started it; it is not for a terminal", e);
    } catch (IOException e) {
      return null;
    }
  }

  /** Waits until the parent has closed the line or died; what it says before that is not heard. */
  public void awaitEnd() {
    Object more = hear(Object.class);
    while (more != null) {
      more = hear(Object.class);
    }
  }

  /** Sends a message. */
  public synchronized void tell(Object message) {
    try {
      out.write(JSON.writeValueAsString(message));
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the process that started this one is gone", e);
    }
  }
}
