package io.citywide.intake.internal.matching;

import io.citywide.intake.spi.Likeness;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cosine of weighted features: of Chinese the pairs of neighbouring characters (and, lightly, the characters), of
 * other scripts the words and, lightly, their beginnings, so that "leaking" meets "leaks"; numbers count double,
 * for they tell doors and lamps apart. Width, case and
 * punctuation do not count, nor do the phrases with which every report begins. Needs no corpus: no word is rarer
 * than another.
 */
public final class PlainLikeness implements Likeness {

  /** Characters of a text that are compared. */
  private static final int COMPARED = 2_000;

  private static final int STEM = 4;
  private static final List<String> PHRASES =
      List.of("市民来电反映", "市民反映", "来电反映", "群众反映", "市民投诉", "来电人", "来电", "反映", "投诉", "您好", "你好", "谢谢", "尊敬的",
          "相关部门", "有关部门", "希望", "麻烦", "尽快处理", "请处理", "处理一下");
  private static final java.util.Set<String> WORDS =
      java.util.Set.of("the", "a", "an", "is", "are", "was", "there", "of", "in", "on", "at", "and", "to", "it", "this", "that", "please", "has", "been", "i", "my", "for", "with");

  @Override
  public double between(String a, String b) {
    Map<String, Double> left = features(a);
    Map<String, Double> right = features(b);
    if (left.isEmpty() || right.isEmpty()) {
      return Double.NaN;
    }
    if (left.size() > right.size()) {
      Map<String, Double> other = left;
      left = right;
      right = other;
    }
    double dot = 0;
    for (var feature : left.entrySet()) {
      dot += feature.getValue() * right.getOrDefault(feature.getKey(), 0.0);
    }
    return Math.min(1, dot / Math.sqrt(square(left) * square(right)));
  }

  /** The same text in one width and case, with punctuation as blanks. */
  public static String normalise(String text) {
    if (text == null) {
      return "";
    }
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    StringBuilder out = new StringBuilder(folded.length());
    folded.codePoints().forEach(c -> out.appendCodePoint(Character.isLetterOrDigit(c) ? c : ' '));
    return out.toString().strip().replaceAll(" +", " ");
  }

  private static Map<String, Double> features(String text) {
    // Candidates are compared under the lock of their place: a long story must not hold up its neighbours.
    String plain = normalise(text == null || text.length() <= COMPARED ? text : text.substring(0, COMPARED));
    for (String phrase : PHRASES) {
      plain = plain.replace(phrase, " ");
    }
    Map<String, Double> features = new HashMap<>();
    int[] c = plain.codePoints().toArray();
    int i = 0;
    while (i < c.length) {
      if (c[i] == ' ') {
        i++;
      } else if (Character.isIdeographic(c[i])) {
        add(features, text(c, i, i + 1), 0.3);
        if (i + 1 < c.length && Character.isIdeographic(c[i + 1])) {
          add(features, text(c, i, i + 2), 1);
        }
        i++;
      } else {
        boolean digit = Character.isDigit(c[i]);
        int end = i;
        while (end < c.length && c[end] != ' ' && !Character.isIdeographic(c[end]) && Character.isDigit(c[end]) == digit) {
          end++;
        }
        String word = text(c, i, end);
        if (digit) {
          add(features, word, 2);
        } else if (!WORDS.contains(word)) {
          add(features, word, 1);
          if (end - i > STEM) {
            add(features, text(c, i, i + STEM) + "…", 0.5);
          }
        }
        i = end;
      }
    }
    // A word said five times is hardly more telling than once.
    features.replaceAll((feature, weight) -> Math.sqrt(weight));
    return features;
  }

  private static void add(Map<String, Double> features, String feature, double weight) {
    features.merge(feature, weight * weight, Double::sum);
  }

  private static String text(int[] codePoints, int from, int to) {
    return new String(codePoints, from, to - from);
  }

  private static double square(Map<String, Double> features) {
    return features.values().stream().mapToDouble(w -> w * w).sum();
  }
}
