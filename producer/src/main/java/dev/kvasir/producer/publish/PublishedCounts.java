package dev.kvasir.producer.publish;

/**
 * What became of the events of one run.
 *
 * @param requestsSent RequestSent events that Kafka acknowledged
 * @param requestsFinished RequestFinished events that Kafka acknowledged
 * @param tokensReceived TokenReceived events that Kafka acknowledged
 * @param others further events that Kafka acknowledged
 * @param lost events that will never reach Kafka
 */
public record PublishedCounts(
    long requestsSent, long requestsFinished, long tokensReceived, long others, long lost) {}
