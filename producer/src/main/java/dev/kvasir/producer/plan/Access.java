package dev.kvasir.producer.plan;

import org.jspecify.annotations.Nullable;

/**
 * What lets requests in at a server.
 *
 * @param apiKey where the key is found that is sent as {@code Authorization: Bearer}; null for none
 * @param ca full path of a file of PEM certificates that are trusted; null for those of the Java
 *     runtime
 * @param insecure whether any certificate is trusted, whoever shows it
 */
public record Access(@Nullable ApiKey apiKey, @Nullable String ca, boolean insecure) {

  /** No key, and the certificates that Java trusts. */
  public static final Access OPEN = new Access(null, null, false);
}
