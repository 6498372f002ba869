package dev.kvasir.producer.workload;

/**
 * One message of a chat.
 *
 * @param role {@code system}, {@code user}, {@code assistant}…
 * @param content its text
 */
public record Message(String role, String content) {}
