package dev.kvasir.label;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What rules have said so far of one connector of one process. One derivation owns it. */
final class Draft {

  private final Facts facts;
  private final Map<String, String> labels = new LinkedHashMap<>();
  private final List<String> tiers = new ArrayList<>();
  private final List<String> transports = new ArrayList<>();

  Draft(Facts facts) {
    this.facts = facts;
  }

  Facts facts() {
    return facts;
  }

  /** A fact, or a label that an earlier rule has set. */
  @Nullable String get(String name) {
    String label = labels.get(name);
    return label == null ? facts.get(name) : label;
  }

  /** Sets a label that no rule has set yet. */
  void set(String label, String value) {
    labels.putIfAbsent(label, value);
  }

  void addTier(String tier) {
    if (!tiers.contains(tier)) {
      tiers.add(tier);
    }
  }

  void addTransport(String transport) {
    if (!transports.contains(transport)) {
      transports.add(transport);
    }
  }

  Map<String, String> labels() {
    return labels;
  }

  List<String> tiers() {
    return tiers;
  }

  List<String> transports() {
    return transports;
  }
}
