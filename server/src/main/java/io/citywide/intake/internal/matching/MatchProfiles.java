package io.citywide.intake.internal.matching;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The profile and the group of each kind. */
public final class MatchProfiles {

  private static final Pattern STANDARD_KIND = Pattern.compile("(.+)-[CM](\\d{2})\\d+");
  private static final String DEFAULTS = "/intake/match-profiles.csv";

  private final Map<String, MatchProfile> byPrefix = new TreeMap<>();
  private final double widestRadiusMeters;
  private final double longestWindowHours;

  /** @throws IllegalArgumentException when there is none for the empty prefix */
  public MatchProfiles(List<MatchProfile> profiles) {
    profiles.forEach(p -> byPrefix.put(p.kindPrefix(), p));
    if (!byPrefix.containsKey("")) {
      throw new IllegalArgumentException("a profile for all other kinds (empty prefix) is missing");
    }
    widestRadiusMeters = profiles.stream().mapToDouble(MatchProfile::radiusMeters).max().orElseThrow();
    longestWindowHours = profiles.stream().mapToDouble(MatchProfile::windowHours).max().orElseThrow();
  }

  /** The profiles every installation begins with. */
  public static List<MatchProfile> defaults() {
    try (var in = MatchProfiles.class.getResourceAsStream(DEFAULTS);
        var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      List<MatchProfile> profiles = new ArrayList<>();
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.isBlank() || line.startsWith("#")) {
          continue;
        }
        String[] f = line.split(",", -1);
        double[] n = new double[f.length];
        for (int i = 2; i < f.length; i++) {
          n[i] = Double.parseDouble(f[i]);
        }
        profiles.add(new MatchProfile(f[0], f[1].isEmpty() ? null : f[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10], n[11], n[12]));
      }
      return profiles;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The profile of a kind; {@code null} is a kind nobody knows. */
  public MatchProfile of(String kindId) {
    String id = kindId == null ? "" : kindId;
    MatchProfile best = byPrefix.get("");
    for (MatchProfile profile : byPrefix.values()) {
      if (id.startsWith(profile.kindPrefix()) && profile.kindPrefix().length() > best.kindPrefix().length()) {
        best = profile;
      }
    }
    return best;
  }

  /** Kinds of one group may be the same problem. A component and the matter about it are of one group. */
  public String groupOf(String kindId) {
    MatchProfile profile = of(kindId);
    if (profile.group() != null) {
      return profile.group();
    }
    Matcher standard = STANDARD_KIND.matcher(kindId);
    return standard.matches() ? standard.group(1) + "-" + standard.group(2) : kindId;
  }

  /** Candidates farther away than this can match no signal. */
  public double widestRadiusMeters() {
    return widestRadiusMeters;
  }

  /** Candidates last reported longer ago than this can match no signal. */
  public double longestWindowHours() {
    return longestWindowHours;
  }
}
