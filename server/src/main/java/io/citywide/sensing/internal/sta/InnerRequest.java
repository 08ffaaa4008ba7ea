package io.citywide.sensing.internal.sta;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** A request of a batch: of the one that brought it are who asks, in which language, and by which address the server was reached. */
final class InnerRequest extends HttpServletRequestWrapper {

  private final String method;
  private final String uri;
  private final String query;
  private final byte[] body;
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  /** @param uri path with its query */
  InnerRequest(HttpServletRequest outer, String method, String uri, byte[] body) {
    super(outer);
    int mark = uri.indexOf('?');
    this.method = method;
    this.uri = mark < 0 ? uri : uri.substring(0, mark);
    this.query = mark < 0 ? null : uri.substring(mark + 1);
    this.body = body;
  }

  @Override
  public String getMethod() {
    return method;
  }

  @Override
  public String getRequestURI() {
    return uri;
  }

  @Override
  public StringBuffer getRequestURL() {
    StringBuffer url = super.getRequestURL();
    url.setLength(url.length() - super.getRequestURI().length());
    return url.append(uri);
  }

  @Override
  public String getServletPath() {
    return uri.substring(getContextPath().length());
  }

  @Override
  public String getQueryString() {
    return query;
  }

  // ---- parameters: the query is read as it stands ---------------------------------------------------

  @Override
  public String getParameter(String name) {
    return null;
  }

  @Override
  public Map<String, String[]> getParameterMap() {
    return Map.of();
  }

  @Override
  public Enumeration<String> getParameterNames() {
    return Collections.emptyEnumeration();
  }

  @Override
  public String[] getParameterValues(String name) {
    return null;
  }

  // ---- headers: not those that speak of the outer body ----------------------------------------------

  private static boolean ofBatch(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("content-") || lower.startsWith("if-") || lower.equals("range") || lower.equals("transfer-encoding");
  }

  @Override
  public String getHeader(String name) {
    return name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE) ? getContentType() : ofBatch(name) ? null : super.getHeader(name);
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return name.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE) && body.length > 0 ? Collections.enumeration(List.of(getContentType()))
        : ofBatch(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
  }

  @Override
  public Enumeration<String> getHeaderNames() {
    List<String> names = Collections.list(super.getHeaderNames());
    names.removeIf(InnerRequest::ofBatch);
    return Collections.enumeration(names);
  }

  @Override
  public long getDateHeader(String name) {
    return ofBatch(name) ? -1 : super.getDateHeader(name);
  }

  // ---- body ----------------------------------------------------------------------------------------

  @Override
  public String getContentType() {
    return body.length == 0 ? null : MediaType.APPLICATION_JSON_VALUE;
  }

  @Override
  public String getCharacterEncoding() {
    return StandardCharsets.UTF_8.name();
  }

  @Override
  public int getContentLength() {
    return body.length;
  }

  @Override
  public long getContentLengthLong() {
    return body.length;
  }

  @Override
  public ServletInputStream getInputStream() {
    ByteArrayInputStream bytes = new ByteArrayInputStream(body);
    return new ServletInputStream() {

      @Override
      public int read() {
        return bytes.read();
      }

      @Override
      public int read(byte[] into, int from, int length) {
        return bytes.read(into, from, length);
      }

      @Override
      public boolean isFinished() {
        return bytes.available() == 0;
      }

      @Override
      public boolean isReady() {
        return true;
      }

      @Override
      public void setReadListener(ReadListener listener) {
        throw new IllegalStateException("a request of a batch is read by one thread");
      }
    };
  }

  @Override
  public BufferedReader getReader() {
    return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
  }

  // ---- attributes: of its own, because the outer request is still being answered ---------------------

  @Override
  public Object getAttribute(String name) {
    return attributes.get(name);
  }

  @Override
  public Enumeration<String> getAttributeNames() {
    return Collections.enumeration(List.copyOf(attributes.keySet()));
  }

  @Override
  public void setAttribute(String name, Object value) {
    attributes.put(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    attributes.remove(name);
  }

  @Override
  public boolean isAsyncSupported() {
    return false;
  }
}
