package dev.kvasir.producer.cache;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The beginnings of prompts that servers have been sent, by server: a file of 8-byte hashes each,
 * which every generator of a home appends to. The oldest half goes when a file exceeds a million
 * hashes. One thread uses it.
 */
public final class OverlapLedger {

  private static final int MOST = 1 << 20;

  private final Path folder;

  private OverlapLedger(Path folder) {
    this.folder = folder;
  }

  /** A ledger in a folder, which need not exist. */
  public static OverlapLedger in(Path folder) {
    return new OverlapLedger(folder);
  }

  /** What a server has been sent, sorted. */
  long[] sent(URI server) {
    Path file = file(server);
    try {
      if (!Files.exists(file)) {
        return new long[0];
      }
      byte[] bytes = Files.readAllBytes(file);
      LongBuffer hashes =
          ByteBuffer.wrap(bytes, 0, bytes.length - bytes.length % Long.BYTES).asLongBuffer();
      long[] all = new long[hashes.remaining()];
      hashes.get(all);
      if (all.length > MOST) {
        all = Arrays.copyOfRange(all, all.length - MOST / 2, all.length);
        Files.write(file, bytes(all));
      }
      Arrays.sort(all);
      return all;
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** Notes what a server is about to be sent. */
  void add(URI server, long[] hashes) {
    Path file = file(server);
    try {
      Files.createDirectories(folder);
      Files.write(file, bytes(hashes), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /**
   * Forgets what a server was sent if it was started since.
   *
   * @param started when the server says that it was started; null when it does not say
   */
  void startedAt(URI server, @Nullable String started) {
    if (started == null) {
      return;
    }
    Path file = file(server).resolveSibling(file(server).getFileName() + ".started");
    try {
      String before = Files.exists(file) ? Files.readString(file) : started;
      if (!before.equals(started)) {
        forget(server);
      }
      Files.createDirectories(folder);
      Files.writeString(file, started);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  /** The server's caches are empty: it has been emptied, or started anew. */
  public void forget(URI server) {
    Path file = file(server);
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw unusable(file, e);
    }
  }

  private static byte[] bytes(long[] hashes) {
    ByteBuffer bytes = ByteBuffer.allocate(hashes.length * Long.BYTES);
    bytes.asLongBuffer().put(hashes);
    return bytes.array();
  }

  private Path file(URI server) {
    String name = server.getAuthority().replaceAll("[^A-Za-z0-9.-]", "_");
    return folder.resolve(name + ".prefixes");
  }

  private static UncheckedIOException unusable(Path file, IOException cause) {
    return new UncheckedIOException(
        "the ledger of sent prompts %s cannot be used (%s); make its folder writable"
            .formatted(file, cause.getMessage()),
        cause);
  }
}
