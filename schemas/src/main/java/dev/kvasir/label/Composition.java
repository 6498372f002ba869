package dev.kvasir.label;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Puts together what rules said of every connector of every process. */
final class Composition {

  private static final String HBM = "HBM";
  private static final String REMOTE = "REMOTE_KV";

  /** Labels that are made here or serve only the making of others. */
  private static final Set<String> MADE =
      Set.of("connector", "role", "prefix_caching", "remote_scheme", "unseen", "proxy");

  private final LabelRules rules;
  private final List<List<Draft>> processes;
  private final List<Draft> drafts;
  private final Map<String, String> labels = new TreeMap<>();

  /**
   * @param processes for each process, a draft for each of its connectors; at least one each
   */
  Composition(LabelRules rules, List<List<Draft>> processes) {
    this.rules = rules;
    this.processes = processes;
    this.drafts = processes.stream().flatMap(List::stream).toList();
  }

  Map<String, String> labels() {
    for (Draft draft : drafts) {
      draft
          .labels()
          .forEach((label, value) -> {
            if (!MADE.contains(label)) {
              labels.putIfAbsent(label, value);
            }
          });
    }
    List<String> tiers = tiers();
    labels.put("topology", topology());
    labels.put("reuse", reuse(tiers));
    labels.put("tiers", String.join(",", tiers));
    labels.put("medium", media(tiers, false));
    labels.put("connector", connector());
    String transports = joined(drafts.stream().flatMap(draft -> draft.transports().stream()));
    if (!transports.isEmpty()) {
      labels.put("transport", transports);
    }
    labels.put("label", shortLabel(tiers));
    return Map.copyOf(labels);
  }

  private static String joined(Stream<String> words) {
    return words.distinct().collect(Collectors.joining(","));
  }

  /** HBM first where it serves reuse, then every connector's tiers in their order. */
  private List<String> tiers() {
    Set<String> tiers = new LinkedHashSet<>();
    if (drafts.stream().anyMatch(draft -> "on".equals(draft.get("prefix_caching")))) {
      tiers.add(HBM);
    }
    drafts.forEach(draft -> tiers.addAll(draft.tiers()));
    return List.copyOf(tiers);
  }

  private String reuse(List<String> tiers) {
    boolean hbm = tiers.contains(HBM);
    boolean offload =
        isUnseen()
            || tiers.stream()
                .anyMatch(tier -> !tier.equals(HBM) && !rules.transfers().contains(tier));
    if (offload) {
      return hbm ? "offload+hbm" : "offload";
    }
    return hbm ? "hbm_prefix" : "none";
  }

  /** Whether a file that nobody read says what the tiers are. */
  private boolean isUnseen() {
    return first("unseen") != null;
  }

  private @Nullable String first(String label) {
    return drafts.stream()
        .map(draft -> draft.get(label))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private String media(List<String> tiers, boolean shown) {
    List<String> words = new ArrayList<>();
    for (String tier : tiers) {
      if (!tier.equals(HBM)) {
        words.add(medium(tier, shown));
      }
    }
    if (!words.isEmpty()) {
      return words.stream().distinct().collect(Collectors.joining("+"));
    }
    if (isUnseen()) {
      return "unknown";
    }
    return tiers.contains(HBM) ? medium(HBM, shown) : shown ? "recompute" : "none";
  }

  private String medium(String tier, boolean shown) {
    String scheme = first("remote_scheme");
    if (tier.equals(REMOTE) && scheme != null) {
      return shown ? scheme.substring(0, 1).toUpperCase(Locale.ROOT) + scheme.substring(1) : scheme;
    }
    LabelRules.Medium medium =
        rules
            .media()
            .getOrDefault(tier, new LabelRules.Medium(tier.toLowerCase(Locale.ROOT), tier));
    return shown ? medium.shown() : medium.word();
  }

  /** {@code Multi[A,B]} for several in one process; several kinds of process have one each. */
  private String connector() {
    Set<String> kinds = new LinkedHashSet<>();
    for (List<Draft> process : processes) {
      List<String> names =
          process.stream().map(draft -> Objects.toString(draft.get("connector"), "none")).toList();
      kinds.add(names.size() == 1 ? names.getFirst() : "Multi[" + String.join(",", names) + "]");
    }
    return String.join("|", kinds);
  }

  private String topology() {
    Map<String, Long> roles = new LinkedHashMap<>();
    for (List<Draft> process : processes) {
      roles.merge(Objects.toString(process.getFirst().get("role"), "any"), 1L, Long::sum);
    }
    long prefill = count("prefill_instances", roles.getOrDefault("prefill", 0L));
    long decode = count("decode_instances", roles.getOrDefault("decode", 0L));
    if ((prefill > 0 && decode > 0)
        || roles.containsKey("prefill")
        || roles.containsKey("decode")) {
      return "pd_disagg(%dP%dD)".formatted(prefill, decode);
    }
    return processes.size() > 1 ? "multi_replica(%d)".formatted(processes.size()) : "aggregated";
  }

  private long count(String label, long counted) {
    String given = first(label);
    return given != null && given.matches("\\d{1,6}") ? Long.parseLong(given) : counted;
  }

  private String shortLabel(List<String> tiers) {
    StringBuilder text = new StringBuilder(media(tiers, true));
    String bandwidth = first("bandwidth_gbps");
    if (bandwidth != null) {
      text.append('-').append(bandwidth.replaceFirst("(?i)g(bps)?$", "")).append('g');
    }
    if ("on".equals(first("arcc"))) {
      text.append("+arcc");
    }
    String keys = first("k_bits");
    String values = first("v_bits");
    if (keys != null && values != null && !(keys.equals("16") && values.equals("16"))) {
      text.append('/').append(keys.equals(values) ? keys : "k" + keys + "v" + values);
    }
    return text.append('@').append(shortConnector()).toString();
  }

  private String shortConnector() {
    String name = connector();
    String bare = name.replaceFirst("[\\[(|].*", "");
    return rules.connectors().getOrDefault(bare, bare.toLowerCase(Locale.ROOT));
  }
}
