package io.citywide.demo;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Draws what a photo of a report could show: a street, and in it the trouble, or the place after it was mended. */
final class StreetScene {

  /** What the trouble looks like. */
  enum Motif {
    RUBBISH,
    MANHOLE,
    LAMP,
    SIGN,
    TREE,
    HOLE,
    WATER,
    SHED,
    CAR,
    BICYCLES,
    STALL,
    CABLE,
    SMOKE,
    POSTER,
    BARRIER
  }

  private static final int WIDTH = 480;
  private static final int HEIGHT = 360;
  private static final int HORIZON = 190;

  private StreetScene() {}

  /** A JPEG of about 15 kB; never the same twice. */
  static byte[] draw(Motif motif, boolean mended, Random random) {
    var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    street(g, random);
    if (!mended) {
      trouble(g, motif, 170 + random.nextInt(140), 262 + random.nextInt(40), random);
    }
    grain(image, random);
    g.dispose();
    var out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "jpg", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void street(Graphics2D g, Random random) {
    float light = 0.75f + random.nextFloat() * 0.25f;
    g.setPaint(new GradientPaint(0, 0, Color.getHSBColor(0.57f, 0.35f, light), 0, HORIZON, Color.getHSBColor(0.55f, 0.08f, light)));
    g.fillRect(0, 0, WIDTH, HORIZON);
    for (int x = -20; x < WIDTH; ) {
      int width = 50 + random.nextInt(60);
      int height = 60 + random.nextInt(110);
      g.setColor(Color.getHSBColor(0.05f + random.nextFloat() * 0.1f, 0.12f + random.nextFloat() * 0.2f, (0.55f + random.nextFloat() * 0.3f) * light));
      g.fillRect(x, HORIZON - height, width, height);
      g.setColor(new Color(90, 110, 130, 150));
      for (int wy = HORIZON - height + 8; wy < HORIZON - 12; wy += 18) {
        for (int wx = x + 7; wx < x + width - 10; wx += 15) {
          g.fillRect(wx, wy, 8, 10);
        }
      }
      x += width + random.nextInt(14);
    }
    g.setColor(Color.getHSBColor(0.1f, 0.06f, 0.72f * light));
    g.fillRect(0, HORIZON, WIDTH, 45);
    g.setColor(Color.getHSBColor(0.6f, 0.04f, 0.38f * light));
    g.fillRect(0, HORIZON + 45, WIDTH, HEIGHT);
    g.setColor(new Color(235, 235, 225));
    for (int x = random.nextInt(60) - 60; x < WIDTH; x += 90) {
      Path2D mark = new Path2D.Double();
      mark.moveTo(x, 330);
      mark.lineTo(x + 50, 330);
      mark.lineTo(x + 46, 338);
      mark.lineTo(x - 6, 338);
      mark.closePath();
      g.fill(mark);
    }
    for (int i = 0; i < 3; i++) {
      tree(g, 30 + i * 190 + random.nextInt(40), HORIZON + 20, 0, random);
    }
  }

  private static void tree(Graphics2D g, int x, int y, double lean, Random random) {
    Graphics2D t = (Graphics2D) g.create();
    t.rotate(lean, x, y);
    t.setColor(new Color(96, 72, 50));
    t.fillRect(x - 4, y - 60, 8, 62);
    for (int i = 0; i < 7; i++) {
      t.setColor(Color.getHSBColor(0.28f + random.nextFloat() * 0.07f, 0.5f, 0.35f + random.nextFloat() * 0.25f));
      t.fillOval(x - 34 + random.nextInt(34), y - 105 + random.nextInt(34), 34, 34);
    }
    t.dispose();
  }

  private static void trouble(Graphics2D g, Motif motif, int x, int y, Random random) {
    switch (motif) {
      case RUBBISH -> {
        for (int i = 0; i < 26; i++) {
          g.setColor(Color.getHSBColor(random.nextFloat(), 0.25f + random.nextFloat() * 0.4f, 0.35f + random.nextFloat() * 0.5f));
          int size = 14 + random.nextInt(22);
          int spread = (int) (random.nextGaussian() * 40);
          g.fillRoundRect(x + spread, y - random.nextInt(Math.max(4, 60 - Math.abs(spread))), size, size, 10, 10);
        }
      }
      case MANHOLE -> {
        g.setColor(new Color(20, 20, 22));
        g.fill(new Ellipse2D.Double(x - 42, y, 84, 34));
        g.setColor(new Color(120, 110, 100));
        g.setStroke(new BasicStroke(5));
        g.drawArc(x - 42, y, 84, 34, 20, 240);
        g.fill(new Ellipse2D.Double(x + 26, y + 12, 80, 26));
      }
      case LAMP -> {
        g.setColor(new Color(70, 75, 80));
        g.setStroke(new BasicStroke(7));
        g.drawLine(x, y + 20, x + 26, y - 190);
        g.drawLine(x + 26, y - 190, x + 70, y - 180);
        g.setColor(new Color(40, 40, 45));
        g.fillOval(x + 60, y - 190, 34, 16);
      }
      case SIGN, POSTER -> {
        g.setColor(new Color(120, 120, 125));
        g.setStroke(new BasicStroke(6));
        g.drawLine(x, y + 20, x - 24, y - 90);
        g.setColor(motif == Motif.SIGN ? new Color(40, 90, 170) : new Color(205, 180, 90));
        Graphics2D t = (Graphics2D) g.create();
        t.rotate(-0.35, x - 24, y - 90);
        t.fillRect(x - 64, y - 130, 84, 50);
        t.setColor(new Color(240, 240, 240, 190));
        t.drawLine(x - 54, y - 116, x + 8, y - 116);
        t.drawLine(x - 54, y - 98, x - 8, y - 98);
        t.dispose();
      }
      case TREE -> tree(g, x, y + 20, 1.1, random);
      case HOLE -> {
        g.setColor(new Color(45, 42, 40));
        Path2D hole = new Path2D.Double();
        for (int i = 0; i < 14; i++) {
          double a = i * Math.PI / 7;
          double r = 0.7 + random.nextDouble() * 0.4;
          double px = x + Math.cos(a) * 75 * r;
          double py = y + 16 + Math.sin(a) * 24 * r;
          if (i == 0) {
            hole.moveTo(px, py);
          } else {
            hole.lineTo(px, py);
          }
        }
        hole.closePath();
        g.fill(hole);
        g.setColor(new Color(120, 115, 108));
        g.setStroke(new BasicStroke(3));
        g.draw(hole);
      }
      case WATER -> {
        g.setColor(new Color(80, 125, 150, 190));
        g.fill(new Ellipse2D.Double(x - 120, y - 8, 240, 60));
        g.setColor(new Color(190, 215, 225, 150));
        g.fill(new Ellipse2D.Double(x - 60, y + 2, 90, 18));
      }
      case SHED -> {
        g.setColor(new Color(60, 120, 175));
        g.fillRect(x - 70, y - 80, 150, 90);
        g.setColor(new Color(40, 85, 130));
        g.fillRect(x - 82, y - 92, 174, 14);
        g.setColor(new Color(30, 40, 50));
        g.fillRect(x - 14, y - 46, 34, 56);
      }
      case CAR -> {
        g.setColor(Color.getHSBColor(random.nextFloat(), 0.45f, 0.6f));
        g.fillRoundRect(x - 90, y - 34, 180, 44, 22, 22);
        g.fillRoundRect(x - 52, y - 64, 104, 44, 24, 24);
        g.setColor(new Color(30, 30, 32));
        g.fillOval(x - 66, y - 6, 36, 36);
        g.fillOval(x + 30, y - 6, 36, 36);
      }
      case BICYCLES -> {
        g.setStroke(new BasicStroke(4));
        for (int i = 0; i < 8; i++) {
          g.setColor(Color.getHSBColor(i % 2 == 0 ? 0.13f : 0.55f, 0.8f, 0.75f));
          int bx = x - 110 + i * 28;
          int by = y - 10 + random.nextInt(18);
          g.drawOval(bx, by, 24, 24);
          g.drawOval(bx + 30, by, 24, 24);
          g.drawLine(bx + 12, by + 12, bx + 26, by - 12);
          g.drawLine(bx + 26, by - 12, bx + 42, by + 12);
        }
      }
      case STALL -> {
        g.setColor(new Color(190, 60, 50));
        g.fillArc(x - 80, y - 120, 160, 70, 0, 180);
        g.setColor(new Color(110, 90, 70));
        g.fillRect(x - 4, y - 86, 8, 90);
        g.fillRect(x - 66, y - 24, 132, 34);
        for (int i = 0; i < 9; i++) {
          g.setColor(Color.getHSBColor(random.nextFloat() * 0.3f, 0.8f, 0.85f));
          g.fillOval(x - 62 + i * 14, y - 38, 14, 14);
        }
      }
      case CABLE -> {
        g.setColor(new Color(25, 25, 28));
        g.setStroke(new BasicStroke(4));
        g.drawArc(x - 200, y - 260, 260, 300, 180, 120);
        g.drawArc(x - 150, y - 240, 260, 290, 190, 110);
      }
      case SMOKE -> {
        g.setComposite(AlphaComposite.getInstance(AlphaComposite.SRC_OVER, 0.4f));
        for (int i = 0; i < 16; i++) {
          g.setColor(Color.getHSBColor(0.1f, 0.1f, 0.5f + random.nextFloat() * 0.3f));
          int size = 40 + i * 5;
          g.fillOval(x - size / 2 + (int) (random.nextGaussian() * 25), y - 20 - i * 14, size, size);
        }
        g.setComposite(AlphaComposite.SrcOver);
      }
      case BARRIER -> {
        for (int i = 0; i < 3; i++) {
          g.setColor(i % 2 == 0 ? new Color(225, 120, 40) : new Color(240, 240, 235));
          g.fillRect(x - 100 + i * 66, y - 44, 66, 22);
        }
        g.setColor(new Color(110, 110, 112));
        g.fillRect(x - 94, y - 24, 6, 40);
        g.fillRect(x + 88, y - 24, 6, 40);
        g.setColor(new Color(150, 120, 85));
        g.fillOval(x - 60, y - 6, 130, 40);
      }
    }
  }

  private static void grain(BufferedImage image, Random random) {
    for (int i = 0; i < 6_000; i++) {
      int x = random.nextInt(WIDTH);
      int y = random.nextInt(HEIGHT);
      int shift = random.nextInt(25) - 12;
      Color c = new Color(image.getRGB(x, y));
      image.setRGB(x, y, new Color(Math.clamp(c.getRed() + shift, 0, 255), Math.clamp(c.getGreen() + shift, 0, 255),
          Math.clamp(c.getBlue() + shift, 0, 255)).getRGB());
    }
  }
}
