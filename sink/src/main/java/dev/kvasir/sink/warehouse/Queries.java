package dev.kvasir.sink.warehouse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A read-only way to ask the warehouse. */
public interface Queries {

  /**
   * Runs one statement.
   *
   * @param sql one SELECT, with {@code $1}, {@code $2}, … for the parameters
   * @param parameters a value for each
   * @throws QueryRefusedException if it is not allowed, wrong, or takes too much
   */
  QueryResult query(String sql, List<? extends @Nullable Object> parameters);

  /** Runs one statement without parameters. */
  default QueryResult query(String sql) {
    return query(sql, List.of());
  }
}
