package dev.kvasir.producer.plan;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What lets requests in at a server.
 *
 * @param apiKey where the key is found that is sent as {@code Authorization: Bearer}; null for none
 * @param headers where the values of further headers are found, by the header's name
 * @param ca full path of a file of PEM certificates that are trusted; null for those of the Java
 *     runtime
 * @param insecure whether any certificate is trusted, whoever shows it
 */
public record Access(
    @Nullable ApiKey apiKey, Map<String, ApiKey> headers, @Nullable String ca, boolean insecure) {

  /** No key, and the certificates that Java trusts. */
  public static final Access OPEN = new Access(null, Map.of(), null, false);

  public Access {
    headers = OrderedCopy.of(headers);
  }
}
