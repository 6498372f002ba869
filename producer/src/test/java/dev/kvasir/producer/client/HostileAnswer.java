package dev.kvasir.producer.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer of the corpus in {@code hostile/}, whose README says what its files hold. */
final class HostileAnswer implements ScriptedServer.Script {

  private static final Path FOLDER =
      Path.of("src/test/resources/dev/kvasir/producer/client/hostile");
  private static final Pattern REPEAT = Pattern.compile("\\{\\{(\\d+)\\*");

  private final String name;
  private final byte[] bytes;
  private final String outcome;
  private final String error;
  private final String then;

  private HostileAnswer(String[] row) {
    this.name = row[0];
    this.bytes = read(name);
    this.outcome = row[1];
    this.error = row[2];
    this.then = row[3];
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** How the request must end; {@code *} for any. */
  String outcome() {
    return outcome;
  }

  /** What its error must hold. */
  String error() {
    return error;
  }

  static List<HostileAnswer> all() {
    try {
      return Files.readAllLines(FOLDER.resolve("index.csv")).stream()
          .skip(1)
          .map(line -> line.split(",", -1))
          .map(HostileAnswer::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files of the corpus, whether or not the index names them. */
  static List<String> files() {
    try (var files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".answer"))
          .map(file -> file.substring(0, file.length() - ".answer".length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(String name) {
    try {
      String text = Files.readString(FOLDER.resolve(name + ".answer")).replaceAll("\\R", "");
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int end = write(text, 0, false, bytes);
      if (end != text.length()) {
        throw new IllegalStateException(name + ": read to " + end + " of " + text.length());
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes the bytes that a text stands for, up to its end or that of a repetition. */
  private static int write(String text, int from, boolean repeated, ByteArrayOutputStream bytes)
      throws IOException {
    int at = from;
    while (at < text.length()) {
      Matcher repeat = REPEAT.matcher(text).region(at, text.length());
      if (repeated && text.startsWith("}}", at)) {
        return at + 2;
      }
      if (repeat.lookingAt()) {
        ByteArrayOutputStream once = new ByteArrayOutputStream();
        at = write(text, repeat.end(), true, once);
        for (int i = Integer.parseInt(repeat.group(1)); i > 0; i--) {
          once.writeTo(bytes);
        }
      } else if (text.charAt(at) == '\\') {
        at = escape(text, at + 1, bytes);
      } else {
        int codePoint = text.codePointAt(at);
        bytes.write(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
        at += Character.charCount(codePoint);
      }
    }
    return at;
  }

  private static int escape(String text, int at, ByteArrayOutputStream bytes) {
    switch (text.charAt(at)) {
      case 'r' -> bytes.write('\r');
      case 'n' -> bytes.write('\n');
      case '\\' -> bytes.write('\\');
      case 'x' -> {
        bytes.write(Integer.parseInt(text.substring(at + 1, at + 3), 16));
        return at + 3;
      }
      default -> throw new IllegalStateException("no escape: \\" + text.charAt(at));
    }
    return at + 1;
  }

  @Override
  public void answer(ScriptedServer.Request request, OutputStream out)
      throws IOException, InterruptedException {
    if (then.equals("bytes")) {
      for (byte each : bytes) {
        out.write(each);
        out.flush();
      }
    } else {
      out.write(bytes);
      out.flush();
    }
    switch (then) {
      case "stay" -> new CountDownLatch(1).await();
      case "drip" -> {
        while (true) {
          Answers.write(out, ": drip\n\n");
          Thread.sleep(20);
        }
      }
      default -> out.close();
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
