package dev.kvasir.sink.imports;

import dev.kvasir.event.RunStarted;
import dev.kvasir.event.Verdict;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;

/** A run that another tool made. Its number follows from its start and its content. */
public final class ImportedRun {

  private final RunStarted started;
  private final RunDraft draft;

  ImportedRun(RunStarted started, RunDraft draft) {
    this.started = started;
    this.draft = draft;
  }

  RunStarted started() {
    return started;
  }

  RunDraft draft() {
    return draft;
  }

  /** SHA-256 of the record that the run was read from, in hexadecimal. */
  public String hash() {
    return draft.hash;
  }

  /** The run's number. */
  public long number() {
    return started.getRun();
  }

  /** The same run under another number, where a different one has its own already. */
  public ImportedRun numbered(long number) {
    return new ImportedRun(
        RunStarted.newBuilder(started)
            .setRun(number)
            .setId(RunAssembly.id(started, number))
            .build(),
        draft);
  }

  /** The run in a few words. */
  public Summary summary() {
    return new Summary(
        started.getId(),
        draft.format,
        draft.requests.size(),
        draft.verdict == null ? Verdict.VALID : draft.verdict,
        List.copyOf(draft.reasons));
  }

  /**
   * A run in a few words.
   *
   * @param id its readable id
   * @param format tool and format that it came from
   * @param requests requests that are known one by one
   * @param verdict whether its numbers may be used
   * @param reasons what speaks against them
   */
  public record Summary(
      String id, String format, int requests, Verdict verdict, List<String> reasons) {}

  /** Its events, in their order. */
  public Stream<SpecificRecord> events(Stamp stamp) {
    return new RunEvents(this, stamp).all();
  }
}
