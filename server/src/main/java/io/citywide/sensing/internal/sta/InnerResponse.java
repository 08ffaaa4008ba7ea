package io.citywide.sensing.internal.sta;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.http.HttpHeaders;

/** What a request of a batch is answered, kept instead of sent. Nothing of it reaches the response of the batch by itself. */
final class InnerResponse extends HttpServletResponseWrapper {

  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final PrintWriter writer = new PrintWriter(new OutputStreamWriter(body, StandardCharsets.UTF_8));
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private int status = SC_OK;

  InnerResponse(HttpServletResponse outer) {
    super(outer);
  }

  /** Text in UTF-8; empty: none. */
  String text() {
    writer.flush();
    return body.toString(StandardCharsets.UTF_8);
  }

  int size() {
    writer.flush();
    return body.size();
  }

  @Override
  public int getStatus() {
    return status;
  }

  @Override
  public void setStatus(int status) {
    this.status = status;
  }

  @Override
  public void sendError(int status) {
    this.status = status;
  }

  @Override
  public void sendError(int status, String message) {
    this.status = status;
  }

  @Override
  public void sendRedirect(String location) {
    status = SC_FOUND;
    setHeader(HttpHeaders.LOCATION, location);
  }

  // ---- headers -------------------------------------------------------------------------------------

  /** {@code null} takes it away. */
  @Override
  public void setHeader(String name, String value) {
    if (value == null) {
      headers.remove(name);
    } else {
      headers.put(name, value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    setHeader(name, value);
  }

  @Override
  public void setIntHeader(String name, int value) {
    headers.put(name, Integer.toString(value));
  }

  @Override
  public void addIntHeader(String name, int value) {
    headers.put(name, Integer.toString(value));
  }

  @Override
  public void setDateHeader(String name, long date) {
    headers.put(name, Long.toString(date));
  }

  @Override
  public void addDateHeader(String name, long date) {
    headers.put(name, Long.toString(date));
  }

  @Override
  public boolean containsHeader(String name) {
    return headers.containsKey(name);
  }

  @Override
  public String getHeader(String name) {
    return headers.get(name);
  }

  @Override
  public Collection<String> getHeaders(String name) {
    return headers.containsKey(name) ? List.of(headers.get(name)) : List.of();
  }

  @Override
  public Collection<String> getHeaderNames() {
    return List.copyOf(headers.keySet());
  }

  @Override
  public void addCookie(Cookie cookie) {
    // a batch signs nobody in or out
  }

  @Override
  public void setContentType(String type) {
    setHeader(HttpHeaders.CONTENT_TYPE, type);
  }

  @Override
  public String getContentType() {
    return headers.get(HttpHeaders.CONTENT_TYPE);
  }

  @Override
  public void setCharacterEncoding(String charset) {
    // always UTF-8
  }

  @Override
  public String getCharacterEncoding() {
    return StandardCharsets.UTF_8.name();
  }

  @Override
  public void setContentLength(int length) {
    // the body says it
  }

  @Override
  public void setContentLengthLong(long length) {
    // the body says it
  }

  @Override
  public void setLocale(Locale locale) {
    // that of the batch
  }

  // ---- body ----------------------------------------------------------------------------------------

  @Override
  public ServletOutputStream getOutputStream() {
    return new ServletOutputStream() {

      @Override
      public void write(int b) {
        body.write(b);
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        body.write(bytes, from, length);
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setWriteListener(WriteListener listener) {
        throw new IllegalStateException("an answer of a batch is written by one thread");
      }
    };
  }

  @Override
  public PrintWriter getWriter() {
    return writer;
  }

  @Override
  public void flushBuffer() {
    writer.flush();
  }

  @Override
  public boolean isCommitted() {
    return false;
  }

  @Override
  public void resetBuffer() {
    writer.flush();
    body.reset();
  }

  @Override
  public void reset() {
    resetBuffer();
    headers.clear();
    status = SC_OK;
  }
}
