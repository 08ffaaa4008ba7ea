package io.citywide.platform.internal.web;

import io.citywide.platform.OperationsSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.coyote.InputBuffer;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Bounds the time that a body takes to come. The container's own bound is on each read, so that a byte every few seconds
 * held a request for ever. Counted is what was waited for the caller, not what the server did meanwhile: beyond the grace
 * each {@code citywide.operations.slowest-body} bytes pay for a second. What a handler left of a body is read here, by the same bound,
 * where the container would have swallowed it without one.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class BodyPace implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

  /** Like the container's own end of its patience, whom it answers 408 and reads no further. */
  static final class TooSlow extends SocketTimeoutException {

    private static final long serialVersionUID = 1;

    TooSlow(long bytes, long seconds) {
      super("of the body " + bytes + " bytes came in " + seconds + " s");
    }
  }

  /** Extensions and trailers of chunks are read by nobody, and not seen here: each byte of them could come as slowly as the container waits for one. */
  private static final int NO_EXTENSION = 0;

  /** Bytes; the end of the last chunk is counted among its trailers. */
  private static final int NO_TRAILER = 8;

  private static final Logger log = LoggerFactory.getLogger(BodyPace.class);
  private static final long SECOND = 1_000_000_000L;

  private final long graceNanos;
  private final long bytesPerSecond;
  private final Counter cut;

  BodyPace(OperationsSettings settings, MeterRegistry meters) {
    this.graceNanos = settings.bodyGrace().toNanos();
    this.bytesPerSecond = settings.slowestBody().toBytes();
    this.cut = Counter.builder("citywide.bodies.slow").description("Requests given up because their body came too slowly").register(meters);
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addEngineValves(new Valve());
    factory.addConnectorCustomizers(connector -> {
      if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
        http.setMaxExtensionSize(NO_EXTENSION);
        http.setMaxTrailerSize(NO_TRAILER);
      }
    });
  }

  private final class Valve extends ValveBase {

    Valve() {
      super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
      org.apache.coyote.Request coyote = request.getCoyoteRequest();
      if (!comes(coyote) || response.getStatus() >= 400) { // what breaks HTTP is refused before it gets here
        getNext().invoke(request, response);
        return;
      }
      Paced body = new Paced(coyote.getInputBuffer() instanceof Paced before ? before.input : coyote.getInputBuffer());
      coyote.setInputBuffer(body);
      getNext().invoke(request, response);
      if (!request.isAsync()) {
        response.finishResponse();
        body.swallow(coyote, response.getStatus(), ((AbstractHttp11Protocol<?>) request.getConnector().getProtocolHandler()).getMaxSwallowSize());
        coyote.setInputBuffer(body.input);
      }
    }
  }

  /** Whether a body is announced, rightly or wrongly. */
  private static boolean comes(org.apache.coyote.Request request) {
    String length = request.getMimeHeaders().getHeader("Content-Length");
    return length != null && !length.equals("0") || request.getMimeHeaders().getHeader("Transfer-Encoding") != null;
  }

  /** Reads on for a handler, and looks at the clock after each read; a read itself waits no longer than the container's own bound. */
  private final class Paced implements InputBuffer, ApplicationBufferHandler {

    private final InputBuffer input;
    private long waited;
    private long bytes;
    private boolean ended;
    private boolean broken;
    private ByteBuffer swallowed;

    Paced(InputBuffer input) {
      this.input = input;
    }

    @Override
    public int doRead(ApplicationBufferHandler handler) throws IOException {
      long begin = System.nanoTime();
      broken = true;
      int read = input.doRead(handler);
      waited += System.nanoTime() - begin;
      bytes += Math.max(read, 0);
      ended = read < 0;
      if (!ended && waited - graceNanos > (double) bytes / bytesPerSecond * SECOND) {
        cut.increment();
        throw new TooSlow(bytes, waited / SECOND);
      }
      broken = false;
      return read;
    }

    /**
     * The answer is out. So that its caller sees it and not a reset connection, what is left of the body is read. Who asked whether to
     * send it and was refused is not waited for: the container ends that connection. What is too long, too slow or broken off ends it too.
     */
    private void swallow(org.apache.coyote.Request request, int status, int most) {
      if (request.hasExpectation() && bytes == 0 && (status < 200 || status > 299)) {
        return;
      }
      long begin = bytes;
      try {
        while (!ended && !broken && (most < 0 || bytes - begin <= most)) {
          doRead(this);
        }
      } catch (IOException e) {
        log.debug("the rest of a body was given up", e);
      }
      if (!ended) {
        request.action(ActionCode.DISABLE_SWALLOW_INPUT, null);
      }
    }

    @Override
    public int available() {
      return input.available();
    }

    @Override
    public void setByteBuffer(ByteBuffer buffer) {
      swallowed = buffer;
    }

    @Override
    public ByteBuffer getByteBuffer() {
      return swallowed;
    }

    @Override
    public void expand(int size) {
      throw new IllegalStateException("nothing is kept of what is swallowed");
    }
  }
}
