package io.citywide.place.internal;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.EncodeHintType;
import com.google.zxing.WriterException;
import com.google.zxing.common.BitMatrix;
import com.google.zxing.qrcode.QRCodeWriter;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import io.citywide.place.Component;
import java.util.Map;

/** The label of a component: 60 × 40 mm, a QR code (ISO/IEC 18004) to its report form, and its code to read out on the telephone. */
public final class ComponentLabel {

  private static final int QR_MILLIMETERS = 32;

  private ComponentLabel() {}

  /**
   * @param base address of the server without a slash at its end
   * @throws IllegalArgumentException where the address is too long for a QR code
   */
  public static String svg(Component component, String kindName, String base) {
    String link = base + "/report?component=" + component.ident();
    BitMatrix code = code(link);
    StringBuilder path = new StringBuilder();
    for (int y = 0; y < code.getHeight(); y++) {
      for (int x = 0; x < code.getWidth(); x++) {
        if (code.get(x, y)) {
          path.append('M').append(x).append(' ').append(y).append("h1v1h-1z");
        }
      }
    }
    double scale = (double) QR_MILLIMETERS / code.getWidth();
    return """
        <svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 60 40" role="img" aria-label="%1$s %2$s">
        <title>%1$s %2$s</title><desc>%3$s</desc>
        <rect width="60" height="40" fill="#fff"/>
        <g transform="translate(2 2) scale(%4$.5f)"><path d="%5$s" fill="#000"/></g>
        <g font-family="sans-serif" fill="#000"><text x="36" y="11" font-size="4.2" textLength="%6$d" lengthAdjust="spacingAndGlyphs">%1$s</text>
        <text x="36" y="18" font-size="2.9">扫码报修</text><text x="36" y="22.5" font-size="2.9">Scan to report</text>
        <text x="2" y="38" font-size="4" letter-spacing="0.3">%2$s</text></g>
        </svg>
        """.formatted(escaped(kindName), component.ident(), escaped(link), scale, path, Math.min(22, 4 * kindName.length()));
  }

  private static BitMatrix code(String link) {
    try {
      return new QRCodeWriter().encode(link, BarcodeFormat.QR_CODE, 0, 0, Map.of(EncodeHintType.ERROR_CORRECTION, ErrorCorrectionLevel.M, EncodeHintType.MARGIN, 2));
    } catch (WriterException e) {
      throw new IllegalArgumentException("the address is too long for a QR code: " + link, e);
    }
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
  }
}
