package dev.kvasir.app.page;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;

/** The files of the page, read from the class path once and kept compressed. */
final class PageFiles {

  /**
   * One file.
   *
   * @param gzipped its bytes, compressed
   * @param tag changes when the bytes do
   */
  record PageFile(String mediaType, Buffer gzipped, String tag) {}

  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final List<String> SCRIPTS =
      List.of("charts", "dom", "feed", "format", "main", "run-list", "run-view", "state");

  private final Map<String, PageFile> byPath = new LinkedHashMap<>();

  private PageFiles() {}

  static PageFiles load() {
    PageFiles files = new PageFiles();
    files.add("/", "/page/index.html", "text/html; charset=utf-8");
    files.add("/page.css", "/page/page.css", "text/css; charset=utf-8");
    files.add("/icon.svg", "/page/icon.svg", "image/svg+xml");
    for (String script : SCRIPTS) {
      files.add("/js/" + script + ".js", "/page/js/" + script + ".js", SCRIPT);
    }
    files.add("/vendor/echarts.js", echarts(), SCRIPT);
    return files;
  }

  Optional<PageFile> at(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  private void add(String path, String resource, String mediaType) {
    byte[] bytes = read(resource);
    byPath.put(path, new PageFile(mediaType, gzip(bytes), '"' + digest(bytes) + '"'));
  }

  /** The module build of ECharts inside its jar, whose folder carries the version. */
  private static String echarts() {
    Properties maven = new Properties();
    try (InputStream in = open("/META-INF/maven/org.mvnpm/echarts/pom.properties")) {
      maven.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("the version of ECharts cannot be read", e);
    }
    return "/META-INF/resources/_static/echarts/"
        + maven.getProperty("version")
        + "/dist/echarts.esm.min.js";
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the page's file " + resource + " cannot be read", e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = PageFiles.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(
          "the page's file " + resource + " is not on the class path: build the project again");
    }
    return in;
  }

  private static Buffer gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Buffer.buffer(compressed.toByteArray());
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
