package io.citywide.bench.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Passes connections on, until it is cut: then nothing goes through in either direction and nothing is closed, as when a
 * cable is pulled. Mended, what was held back is delivered late, as TCP does.
 */
final class CuttingProxy implements AutoCloseable {

  private static final int CHUNK = 64 * 1024;

  private final ServerSocket listening = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition mended = lock.newCondition();
  private boolean cut; // guarded by lock

  /** @param target a port of this machine */
  CuttingProxy(int target) throws IOException {
    this.target = target;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void cut() {
    set(true);
  }

  void mend() {
    set(false);
  }

  private void set(boolean value) {
    lock.lock();
    try {
      cut = value;
      mended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void passWhenWhole() throws InterruptedException {
    lock.lock();
    try {
      while (cut) {
        mended.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        sockets.add(client);
        Thread.ofVirtual().start(() -> connect(client));
      }
    } catch (IOException closed) {
      // The end.
    }
  }

  private void connect(Socket client) {
    try {
      passWhenWhole();
      Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), target);
      sockets.add(server);
      Thread.ofVirtual().start(() -> pass(client, server));
      pass(server, client);
    } catch (IOException e) {
      close(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[CHUNK];
      for (int read; (read = in.read(chunk)) >= 0; ) {
        passWhenWhole();
        out.write(chunk, 0, read);
      }
      passWhenWhole(); // an end is not seen through a cut cable either
    } catch (IOException gone) {
      // The other side hears of it below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(from);
    close(to);
  }

  private void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException gone) {
      // It is closed.
    }
  }

  @Override
  public void close() throws IOException {
    mend();
    listening.close();
    sockets.forEach(this::close);
  }
}
