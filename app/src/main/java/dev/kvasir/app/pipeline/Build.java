package dev.kvasir.app.pipeline;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * What this program was built from.
 *
 * @param version the release
 * @param commit the commit, with {@code -dirty} behind it when files had changed; {@code unknown}
 *     when it was not built from a checkout
 */
public record Build(String version, String commit) {

  private static final String UNKNOWN = "unknown";

  /** Read from the manifest of the jar that this class lies in. */
  public static Build current() {
    URL self = Build.class.getResource("Build.class");
    if (self == null) {
      return new Build(UNKNOWN, UNKNOWN);
    }
    try {
      URLConnection connection = self.openConnection();
      if (!(connection instanceof JarURLConnection jar)) {
        return new Build(UNKNOWN, UNKNOWN);
      }
      jar.setUseCaches(false);
      try (var file = jar.getJarFile()) {
        return of(file.getManifest());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the program's own jar cannot be read", e);
    }
  }

  private static Build of(@Nullable Manifest manifest) {
    if (manifest == null) {
      return new Build(UNKNOWN, UNKNOWN);
    }
    Attributes main = manifest.getMainAttributes();
    String commit = orUnknown(main.getValue("Git-Commit"));
    boolean dirty = Boolean.parseBoolean(main.getValue("Git-Dirty"));
    return new Build(
        orUnknown(main.getValue("Implementation-Version")), dirty ? commit + "-dirty" : commit);
  }

  private static String orUnknown(@Nullable String value) {
    return value == null || value.isBlank() || value.startsWith("${") ? UNKNOWN : value;
  }
}
