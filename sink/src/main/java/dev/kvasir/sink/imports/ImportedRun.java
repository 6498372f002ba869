package dev.kvasir.sink.imports;

import dev.kvasir.event.RunStarted;
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

  /** How many requests of it are known one by one. */
  public int requests() {
    return draft.requests.size();
  }

  /** What speaks against its numbers. */
  public List<String> reasons() {
    return List.copyOf(draft.reasons);
  }

  /** Its events, in their order. */
  public Stream<SpecificRecord> events(Stamp stamp) {
    return new RunEvents(this, stamp).all();
  }
}
