package dev.kvasir.producer.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Takes secrets out of commands and environments: values whose names say that they are secret. */
public final class Secrets {

  private static final String REMOVED = "***";
  private static final String NAME =
      "(?:[A-Za-z0-9_.-]*[-_.])?(?:(?:api|access|secret|private|admin|account|subscription"
          + "|license|encryption|auth)[-_]?keys?|auth|authorization|bearer|token|secret"
          + "|password|passwd|pwd|cookie|credentials?)(?:[-_.][A-Za-z0-9_.-]*)?";
  private static final String VALUE = "('[^']*'|\"[^\"]*\"|[^\\s'\"]+)";
  private static final Pattern WHOLE = Pattern.compile(NAME, Pattern.CASE_INSENSITIVE);
  private static final Pattern FLAG =
      Pattern.compile("--?(?<name>[A-Za-z][\\w.-]*)", Pattern.DOTALL);
  private static final Pattern FLAG_AND_VALUE =
      Pattern.compile("((?<![\\w.-])--?" + NAME + "\\s+)(?!-)" + VALUE, Pattern.CASE_INSENSITIVE);
  private static final Pattern ASSIGNED =
      Pattern.compile("((?<![\\w.])-{0,2}" + NAME + "=)" + VALUE, Pattern.CASE_INSENSITIVE);
  private static final Pattern FIELD =
      Pattern.compile(
          "((?<![\\w.-])" + NAME + "[\"']?\\s*:\\s*[\"']?)[^\"',}]+", Pattern.CASE_INSENSITIVE);
  private static final Pattern BEFORE_HOST =
      Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]*://)?.*@", Pattern.DOTALL);
  private static final Pattern AFTER_PATH = Pattern.compile("([?#]).+", Pattern.DOTALL);
  private static final Pattern IN_ADDRESS = Pattern.compile("(://)[^/\\s@'\"]+@");

  private Secrets() {}

  /** The value, or what stands for it when its name says that it is secret. */
  public static String shown(String name, String value) {
    return WHOLE.matcher(name).matches() ? REMOVED : removedFrom(value);
  }

  /** Shell text without its secrets. */
  public static String removedFrom(String text) {
    String shown = FLAG_AND_VALUE.matcher(text).replaceAll("$1" + REMOVED);
    shown = ASSIGNED.matcher(shown).replaceAll("$1" + REMOVED);
    shown = FIELD.matcher(shown).replaceAll("$1" + REMOVED);
    return IN_ADDRESS.matcher(shown).replaceAll("$1" + REMOVED + "@");
  }

  /** An address, well formed or not, without its credentials and what follows its path. */
  public static String removedFromAddress(String url) {
    String shown = BEFORE_HOST.matcher(url).replaceFirst("$1" + REMOVED + "@");
    return AFTER_PATH.matcher(shown).replaceFirst("$1" + REMOVED);
  }

  /** Words of a command without their secrets. */
  public static List<String> removedFrom(List<String> words) {
    List<String> shown = new ArrayList<>();
    boolean secret = false;
    for (String word : words) {
      shown.add(secret && !word.startsWith("-") ? REMOVED : removedFrom(word));
      var flag = FLAG.matcher(word);
      secret = flag.matches() && WHOLE.matcher(flag.group("name")).matches();
    }
    return List.copyOf(shown);
  }
}
