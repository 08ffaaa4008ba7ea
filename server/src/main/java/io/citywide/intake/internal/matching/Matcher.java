package io.citywide.intake.internal.matching;

import io.citywide.intake.spi.Likeness;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/**
 * Decides whether a report is about a problem that is known already. Pure: profiles and candidates in, the best
 * candidate and its reasons out; the server and the bench use this same class.
 */
public final class Matcher {

  /** Score from which a report joins. */
  public static final double JOIN = 0.5;

  /** Log-odds of two reports naming the same component of the city: the same manhole is the same problem. */
  private static final double SAME_COMPONENT = 6;

  /** And of naming two different ones of the same kind: neighbouring lamps are two problems. */
  private static final double OTHER_COMPONENT = -12;

  private static final double UNKNOWN_KIND_PENALTY = 1;

  private final MatchProfiles profiles;
  private final Likeness likeness;

  public Matcher(MatchProfiles profiles, Likeness likeness) {
    this.profiles = profiles;
    this.likeness = likeness;
  }

  public MatchProfiles profiles() {
    return profiles;
  }

  /** The candidate that fits best, whether or not well enough to join; empty where none is comparable at all. */
  public Optional<Match> best(Sighting sighting, Collection<Candidate> candidates) {
    Match best = null;
    for (Candidate candidate : candidates) {
      Match match = compare(sighting, candidate);
      if (match != null && (best == null || better(match, best))) {
        best = match;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Ties go to the nearest, then to the case that was there first, so that the answer never depends on the order. */
  private static boolean better(Match a, Match b) {
    int byScore = Double.compare(a.score(), b.score());
    if (byScore != 0) {
      return byScore > 0;
    }
    int byDistance = Double.compare(b.distanceMeters(), a.distanceMeters());
    return byDistance != 0 ? byDistance > 0 : a.candidate().caseId() < b.candidate().caseId();
  }

  private Match compare(Sighting s, Candidate c) {
    MatchProfile profile = profiles.of(s.kindId() == null ? c.kindId() : s.kindId());
    double meters = Meters.between(s.lon(), s.lat(), c.lon(), c.lat());
    boolean sameComponent = s.componentIdent() != null && s.componentIdent().equals(c.componentIdent());
    boolean bothComponents = s.componentIdent() != null && c.componentIdent() != null;
    double hours = Math.abs(Duration.between(c.lastSignalAt(), s.at()).toMillis()) / 3_600_000.0;
    if (meters > profile.radiusMeters() && !sameComponent || hours > profile.windowHours()) {
      return null;
    }
    boolean kindsKnown = s.kindId() != null && c.kindId() != null;
    boolean sameKind = kindsKnown && s.kindId().equals(c.kindId());
    if (kindsKnown && !sameKind && !profiles.groupOf(s.kindId()).equals(profiles.groupOf(c.kindId()))) {
      return null;
    }
    double text = c.texts().stream().mapToDouble(t -> likeness.between(s.text(), t)).filter(v -> !Double.isNaN(v)).max().orElse(Double.NaN);
    boolean sameAddress = sameAddress(s.address(), c.address());
    boolean sameReporter = s.reporter() != null && c.reporters().contains(s.reporter());
    double odds =
        profile.base()
            - profile.distanceWeight() * Math.log1p(meters / profile.distanceScaleMeters())
            - profile.timeWeight() * Math.log1p(hours / profile.timeScaleHours())
            - (sameKind ? 0 : kindsKnown ? profile.otherKindPenalty() : UNKNOWN_KIND_PENALTY)
            + (Double.isNaN(text) ? 0 : profile.textWeight() * (text - MatchProfile.NEUTRAL_LIKENESS))
            + (sameAddress ? profile.addressBonus() : 0)
            + (sameReporter ? profile.reporterBonus() : 0)
            + (bothComponents ? sameComponent ? SAME_COMPONENT : OTHER_COMPONENT : 0);
    return new Match(c, 1 / (1 + Math.exp(-odds)), meters, hours, sameKind, text, sameAddress, bothComponents ? sameComponent : null, sameReporter);
  }

  private static boolean sameAddress(String a, String b) {
    String left = PlainLikeness.normalise(a);
    return !left.isEmpty() && left.equals(PlainLikeness.normalise(b));
  }
}
