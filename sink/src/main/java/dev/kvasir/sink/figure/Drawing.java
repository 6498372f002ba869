package dev.kvasir.sink.figure;

import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.batik.transcoder.SVGAbstractTranscoder;
import org.apache.batik.transcoder.Transcoder;
import org.apache.batik.transcoder.TranscoderException;
import org.apache.batik.transcoder.TranscoderInput;
import org.apache.batik.transcoder.TranscoderOutput;
import org.apache.batik.transcoder.image.PNGTranscoder;
import org.apache.fop.svg.PDFTranscoder;
import org.jetbrains.letsPlot.awt.plot.PlotSvgExport;

/** A chart's specification as vector and raster pictures. */
final class Drawing {

  /** Pixels of a PNG for each pixel of the figure: 288 an inch. */
  private static final float FINENESS = 3;

  private Drawing() {}

  /** The chart as SVG text. */
  static String svg(Map<String, Object> chart) {
    return PlotSvgExport.INSTANCE.buildSvgImageFromRawSpecs(chart, null, true);
  }

  /** An SVG as vector PDF. */
  static byte[] pdf(String svg) {
    return transcode(new PDFTranscoder(), svg);
  }

  /** An SVG as PNG, 288 pixels an inch. */
  static byte[] png(String svg, int width) {
    PNGTranscoder transcoder = new PNGTranscoder();
    transcoder.addTranscodingHint(SVGAbstractTranscoder.KEY_WIDTH, width * FINENESS);
    transcoder.addTranscodingHint(
        org.apache.batik.transcoder.image.ImageTranscoder.KEY_BACKGROUND_COLOR,
        java.awt.Color.WHITE);
    return transcode(transcoder, svg);
  }

  private static byte[] transcode(Transcoder transcoder, String svg) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      transcoder.transcode(new TranscoderInput(new StringReader(svg)), new TranscoderOutput(out));
    } catch (TranscoderException e) {
      throw new IllegalStateException(
          "the figure cannot be drawn: %s (first bytes: %s)"
              .formatted(
                  e.getMessage(),
                  new String(
                      svg.getBytes(StandardCharsets.UTF_8),
                      0,
                      Math.min(80, svg.length()),
                      StandardCharsets.UTF_8)),
          e);
    }
    return out.toByteArray();
  }
}
