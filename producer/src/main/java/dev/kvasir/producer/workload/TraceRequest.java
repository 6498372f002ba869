package dev.kvasir.producer.workload;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of a trace.
 *
 * @param nanos when it arrived, from the zero of the trace's own time
 * @param inputTokens tokens of its prompt, at least 1
 * @param outputTokens tokens of its answer, at least 1
 * @param blocks ids of its prompt's blocks: equal ids are equal tokens; empty when it has none
 */
record TraceRequest(long nanos, int inputTokens, int outputTokens, List<Long> blocks) {

  private static final List<String> TIMES = List.of("timestamp", "arrival_time", "time");
  private static final List<String> INPUTS =
      List.of("input_length", "ContextTokens", "Request tokens", "input_tokens");
  private static final List<String> OUTPUTS =
      List.of("output_length", "GeneratedTokens", "Response tokens", "output_tokens");
  private static final List<String> BLOCKS = List.of("hash_ids", "block_ids");

  TraceRequest {
    blocks = List.copyOf(blocks);
  }

  /** How the records of a trace are read. */
  static RecordReader.Shape<TraceRequest> shape(Source.Trace trace) {
    return node -> read(node, trace);
  }

  /** Whether a record looks like a request of a known trace. */
  static boolean isOne(JsonNode record) {
    return find(record, null, TIMES) != null && find(record, null, INPUTS) != null;
  }

  /** Whether a record names its prompt's blocks. */
  static boolean hasBlocks(JsonNode record, TraceFields fields) {
    return find(record, fields.blocks(), BLOCKS) != null;
  }

  private static TraceRequest read(JsonNode node, Source.Trace trace)
      throws MalformedRecordException {
    TraceFields fields = trace.fields();
    String text = required(node, fields.time(), TIMES).asText();
    Long nanos = trace.time().nanos(text);
    if (nanos == null) {
      throw new MalformedRecordException(
          "the time is %s, and time-unit is %s; expected %s"
              .formatted(
                  text,
                  trace.time().text(),
                  trace.time() == TraceTime.DATE ? "a date with a time of day" : "a number"));
    }
    int input = tokens(node, fields.inputTokens(), INPUTS);
    int output = tokens(node, fields.outputTokens(), OUTPUTS);
    List<Long> blocks = blocks(find(node, fields.blocks(), BLOCKS));
    Integer size = trace.blockTokens();
    if (size != null && (blocks.size() - 1L) * size >= input) {
      throw new MalformedRecordException(
          "%d blocks of %d tokens for a prompt of %d; expected at most %d: check block-tokens"
              .formatted(blocks.size(), size, input, (input + size - 1L) / size));
    }
    if (size != null && !blocks.isEmpty() && 2L * blocks.size() * size <= input) {
      throw new MalformedRecordException(
          "%d blocks of %d tokens for a prompt of %d, less than half of it: check block-tokens"
              .formatted(blocks.size(), size, input));
    }
    return new TraceRequest(nanos, input, output, blocks);
  }

  private static int tokens(JsonNode node, @Nullable String field, List<String> usual)
      throws MalformedRecordException {
    JsonNode value = required(node, field, usual);
    Integer whole = PromptRecord.whole(value);
    if (whole != null) {
      return whole;
    }
    throw new MalformedRecordException(
        "%s is %s; expected a whole number of at least 1"
            .formatted(field == null ? usual.getFirst() : field, PromptRecord.kind(value)));
  }

  private static List<Long> blocks(@Nullable JsonNode ids) throws MalformedRecordException {
    if (ids == null) {
      return List.of();
    }
    List<Long> blocks = new ArrayList<>(ids.size());
    for (JsonNode id : ids) {
      if (!id.isIntegralNumber()) {
        throw new MalformedRecordException(
            "block %d is %s; expected a whole number"
                .formatted(blocks.size() + 1, PromptRecord.kind(id)));
      }
      blocks.add(id.longValue());
    }
    return blocks;
  }

  private static JsonNode required(JsonNode node, @Nullable String field, List<String> usual)
      throws MalformedRecordException {
    JsonNode value = find(node, field, usual);
    if (value == null) {
      throw new MalformedRecordException(
          "found %s; expected an object with `%s`"
              .formatted(
                  PromptRecord.kind(node), field == null ? String.join("` or `", usual) : field));
    }
    return value;
  }

  private static @Nullable JsonNode find(
      JsonNode node, @Nullable String field, List<String> usual) {
    for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      boolean matches =
          field == null ? usual.stream().anyMatch(name::equalsIgnoreCase) : field.equals(name);
      if (matches && !node.get(name).isNull()) {
        return node.get(name);
      }
    }
    return null;
  }
}
