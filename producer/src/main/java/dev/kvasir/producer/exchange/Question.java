package dev.kvasir.producer.exchange;

import dev.kvasir.producer.workload.Prompt;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for.
 *
 * @param model model that is asked
 * @param prompt prompt, with the output length to ask for
 * @param ignoreEos whether the output goes on to its full length
 * @param tokenCounts whether the server is asked for the tokens so far in every chunk
 * @param extra further fields of the body, which win over the ones above
 */
public record Question(
    String model,
    Prompt prompt,
    boolean ignoreEos,
    boolean tokenCounts,
    Map<String, @Nullable Object> extra) {}
