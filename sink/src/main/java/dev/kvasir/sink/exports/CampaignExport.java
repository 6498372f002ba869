package dev.kvasir.sink.exports;

import dev.kvasir.sink.warehouse.Queries;
import dev.kvasir.sink.warehouse.QueryResult;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The campaigns' table: a row for each run under 14 columns. What it was is taken from labels and
 * outputs, never from names; a figure that a tool reports is written as it was reported. As there,
 * a cache called none is written as HBM, and a latency that nothing was measured of as 0.0.
 */
public final class CampaignExport {

  private static final int PAGE = 5_000;

  private static final String ROWS =
      """
      WITH said AS (
        SELECT run,
          max(value) FILTER (WHERE metric = 'mean_ttft_ms') AS mean_ttft_ms,
          max(value) FILTER (WHERE metric = 'std_ttft_ms') AS std_ttft_ms,
          max(value) FILTER (WHERE metric = 'mean_itl_ms') AS mean_itl_ms,
          max(value) FILTER (WHERE metric = 'total_token_throughput') AS total_token_throughput
        FROM result_reported GROUP BY run
      )
      SELECT
        coalesce(r.origin_folder, r.experiment) AS folder,
        coalesce(r.origin_file, r.id) AS file,
        CASE r.phase_measured WHEN 'prefill_only' THEN 'prefill' ELSE 'prefill+decode' END AS phase,
        r.repeat AS iteration,
        coalesce(TRY_CAST(r.parameters['input_len'] AS BIGINT), round(r.mean_input_tokens)::BIGINT)
          AS input_len,
        coalesce(u.origin_metadata['kvcache'], r.strategy) AS kvcache,
        CASE r.medium WHEN 'gds' THEN 'GDS' WHEN 'disk' THEN 'Local Disk' WHEN 'cpu' THEN 'CPU'
          WHEN 'none' THEN 'HBM' WHEN 'hbm' THEN 'HBM' ELSE 'Unknown' END AS modality,
        CASE WHEN r.bandwidth_gbps IS NULL OR r.medium IN ('cpu', 'none') THEN 'N/A'
          ELSE r.bandwidth_gbps::BIGINT || 'g' END AS bandwidth,
        CASE WHEN r.arcc = 'on' THEN 'Y' ELSE 'N' END AS arcc,
        CASE replace(lower(r.traffic_direction), '-', '_')
          WHEN 'east_west' THEN '东西向' WHEN 'north_south' THEN '南北向'
          ELSE coalesce(r.traffic_direction, 'N/A') END AS direction,
        coalesce(s.mean_ttft_ms, r.mean_ttft_ms, 0) AS mean_ttft_ms,
        coalesce(s.std_ttft_ms, r.std_ttft_ms, 0) AS std_ttft_ms,
        coalesce(s.mean_itl_ms, r.mean_itl_ms, 0) AS mean_itl_ms,
        coalesce(s.total_token_throughput, r.total_token_throughput) AS total_token_throughput
      FROM results r
      JOIN runs u ON u.run = r.run
      LEFT JOIN said s ON s.run = r.run
      WHERE ($1 = '' OR r.experiment = $1) AND coalesce(r.format, 'vllm') = 'vllm'
        AND r.verdict IS NOT NULL AND r.verdict <> 'retracted'
      ORDER BY folder, file, r.origin_position, r.run
      LIMIT $2 OFFSET $3
      """;

  private CampaignExport() {}

  /**
   * Writes the table as CSV.
   *
   * @param experiment only its runs; null for all
   * @return how many rows it has
   */
  public static int write(Queries warehouse, @Nullable String experiment, Writer out)
      throws IOException {
    int rows = 0;
    QueryResult page;
    do {
      page = warehouse.query(ROWS, List.of(experiment == null ? "" : experiment, PAGE, rows));
      if (rows == 0) {
        out.write(
            page.columns().stream()
                .map(QueryResult.Column::name)
                .collect(Collectors.joining(",", "", "\n")));
      }
      for (List<@Nullable Object> row : page.rows()) {
        out.write(
            row.stream().map(CampaignExport::cell).collect(Collectors.joining(",", "", "\n")));
      }
      rows += page.rows().size();
    } while (page.rows().size() == PAGE);
    return rows;
  }

  private static String cell(@Nullable Object value) {
    if (value instanceof Double number) {
      return PythonNumber.text(number);
    }
    String text = value == null ? "" : value.toString();
    return text.matches("(?s).*[\",\n\r].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }
}
