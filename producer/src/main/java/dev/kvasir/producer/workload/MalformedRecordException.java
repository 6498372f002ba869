package dev.kvasir.producer.workload;

/** A record of a data set is not what it must be. */
final class MalformedRecordException extends Exception {

  private final String what;

  MalformedRecordException(String what) {
    super(what);
    this.what = what;
  }

  /** What the record is and what it should be. */
  String what() {
    return what;
  }
}
