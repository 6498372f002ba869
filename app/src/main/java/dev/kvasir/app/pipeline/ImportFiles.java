package dev.kvasir.app.pipeline;

import dev.kvasir.event.Host;
import dev.kvasir.sink.imports.ImportOptions;
import dev.kvasir.sink.imports.ImportedRun;
import dev.kvasir.sink.imports.Importer;
import dev.kvasir.sink.imports.Problem;
import dev.kvasir.sink.imports.SourceFile;
import dev.kvasir.sink.imports.Stamp;
import dev.kvasir.sink.warehouse.QueryResult;
import dev.kvasir.time.WallClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/**
 * Brings files of other tools' results into a log. What the warehouse knows already, by the hash of
 * its record, is not written again. One thread's.
 */
public final class ImportFiles {

  private static final int BUFFER = 1 << 20;

  private final LogWriter writer;
  private final Importer importer;
  private final Stamp stamp;
  private final Set<String> hashes = new HashSet<>();
  private final Set<Long> numbers = new HashSet<>();
  private final List<ImportedRun.Summary> written = new ArrayList<>();
  private final List<Problem> problems = new ArrayList<>();
  private long known;

  /**
   * @param warehouse what is in the log already
   * @param writer takes the events
   * @param options what is said about every run
   */
  public ImportFiles(Warehouse warehouse, LogWriter writer, ImportOptions options) {
    this.writer = writer;
    this.importer = new Importer(options, this::take, problems::add);
    Build build = Build.current();
    this.stamp =
        new Stamp(WallClock.system().epochNanos(), build.version(), build.commit(), host());
    QueryResult found =
        warehouse.query(
            "SELECT list(DISTINCT hash) AS hashes, (SELECT list(DISTINCT run) FROM run_started) AS runs FROM run_imported");
    addAll(found, "hashes").forEach(hash -> hashes.add(String.valueOf(hash)));
    addAll(found, "runs").forEach(run -> numbers.add(((Number) run).longValue()));
  }

  private static Collection<?> addAll(QueryResult found, String column) {
    return found.column(column).getFirst() instanceof Collection<?> items ? items : List.of();
  }

  /** This machine, as far as an import says it. */
  private static Host host() {
    Runtime runtime = Runtime.getRuntime();
    return new Host(
        "import",
        System.getProperty("os.name"),
        runtime.availableProcessors(),
        runtime.maxMemory(),
        System.getProperty("java.version"));
  }

  /** Reads a file and writes its runs; a file that cannot be read is one of the problems. */
  public void read(Path file) {
    Path name = file.getFileName();
    try {
      SourceFile source =
          new SourceFile(
              String.valueOf(name),
              folders(file),
              sha256(file),
              Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS));
      try (InputStream in = Files.newInputStream(file)) {
        importer.read(source, in);
      }
    } catch (IOException e) {
      problems.add(new Problem(String.valueOf(name), null, "cannot be read: " + e.getMessage()));
    }
  }

  private static List<String> folders(Path file) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    if (parent == null) {
      return List.of();
    }
    return StreamSupport.stream(parent.spliterator(), false)
        .map(Path::toString)
        .toList()
        .reversed();
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in =
        new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
      byte[] buffer = new byte[BUFFER];
      int taken = 0;
      while (taken >= 0) {
        taken = in.read(buffer);
      }
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private void take(ImportedRun run) {
    if (!hashes.add(run.hash())) {
      known++;
      return;
    }
    ImportedRun unique = run;
    while (!numbers.add(unique.number())) {
      unique = unique.numbered(unique.number() + 1);
    }
    writer.write(unique.events(stamp));
    written.add(unique.summary());
  }

  /** The runs that were written. */
  public List<ImportedRun.Summary> written() {
    return List.copyOf(written);
  }

  /** How many runs were left alone because the log has them. */
  public long known() {
    return known;
  }

  /** What was left out. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }
}
