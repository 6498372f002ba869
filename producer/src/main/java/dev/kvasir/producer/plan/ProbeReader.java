package dev.kvasir.producer.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what is asked for samples. */
final class ProbeReader {

  static final List<String> GPU_KEYS = List.of("dcgm", "nvidia-smi");

  private static final String EXECUTABLE = "nvidia-smi";
  private static final Value<String> PROGRAM =
      new Value<>(
          "true, false or the path of an nvidia-smi",
          text ->
              switch (text) {
                case "true", "on" -> EXECUTABLE;
                case "false", "off" -> "";
                default -> text.isBlank() ? null : text;
              });

  private ProbeReader() {}

  static Probes read(Section strategy) {
    List<String> metrics = strategy.values("metrics", Value.PAGE);
    Section gpu = strategy.section("gpu", GPU_KEYS);
    if (gpu == null) {
      return new Probes(metrics, null, null);
    }
    return new Probes(metrics, gpu.value("dcgm", Value.PAGE), program(gpu));
  }

  private static @Nullable String program(Section gpu) {
    String program = gpu.value("nvidia-smi", PROGRAM);
    return program == null || program.isEmpty() ? null : program;
  }
}
