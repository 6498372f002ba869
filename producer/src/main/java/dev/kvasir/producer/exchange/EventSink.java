package dev.kvasir.producer.exchange;

import org.apache.avro.specific.SpecificRecord;

/** Takes the events of requests, in their order. */
@FunctionalInterface
public interface EventSink {

  void accept(SpecificRecord event);
}
