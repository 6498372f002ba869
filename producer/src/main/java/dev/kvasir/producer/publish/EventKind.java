package dev.kvasir.producer.publish;

import dev.kvasir.event.RequestFinished;
import dev.kvasir.event.RequestSent;
import dev.kvasir.event.TokenReceived;
import org.apache.avro.specific.SpecificRecord;

/** What events are counted as. */
enum EventKind {
  REQUEST_SENT,
  REQUEST_FINISHED,
  TOKEN_RECEIVED,
  OTHER;

  static EventKind of(SpecificRecord event) {
    return switch (event) {
      case TokenReceived token -> TOKEN_RECEIVED;
      case RequestSent sent -> REQUEST_SENT;
      case RequestFinished finished -> REQUEST_FINISHED;
      default -> OTHER;
    };
  }
}
