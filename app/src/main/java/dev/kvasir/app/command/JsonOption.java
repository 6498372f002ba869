package dev.kvasir.app.command;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/** The option by which a script asks for JSON. */
final class JsonOption {

  @Option(names = "--json", description = "Print JSON for a script to read.")
  private boolean wanted;

  boolean wanted() {
    return wanted;
  }

  void print(PrintWriter out, Object value) {
    try {
      out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JacksonException e) {
      throw new IllegalStateException("the result cannot be written as JSON", e);
    }
  }
}
