package dev.kvasir.sink.question;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question that is ready to run.
 *
 * @param sql SQL with {@code $1}, {@code $2}, … for the values
 * @param values a value for each
 */
public record BoundQuestion(String sql, List<@Nullable Object> values) {}
