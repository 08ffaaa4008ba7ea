package io.citywide.identity;

import io.citywide.platform.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * People on duty (在岗). Everybody goes on and off duty and reports positions for themselves alone; who answers for the
 * area of a duty sees it while it lasts.
 */
public interface Duty {

  /**
   * Somebody on duty.
   *
   * @param areaCode for which area
   * @param until when it ended, {@code null} while it lasts
   * @param lon WGS-84 degrees of the last position, {@code null} before the first
   * @param accuracyMeters as the phone says; may be {@code null}
   * @param hereCode deepest area in which the position lies, {@code null} outside every one
   * @param seenAt when the position was reported
   * @param fresh whether the position is a recent one
   */
  record OnDuty(long id, long personId, String name, Role role, Long unitId, String unitName, String areaCode, Instant since, Instant until, Double lon, Double lat,
      Double accuracyMeters, String hereCode, Instant seenAt, boolean fresh) {}

  /**
   * Where somebody is.
   *
   * @param lon WGS-84 degrees, -180..180
   * @param lat WGS-84 degrees, between -88 and 88
   * @param accuracyMeters 0..100000; {@code null}: not known
   * @param areaCode deepest area in which it lies; {@code null}: none
   * @throws ProblemException {@code identity.invalid-duty} for a value beyond these bounds
   */
  record Position(double lon, double lat, Double accuracyMeters, String areaCode) {
    public Position {
      if (!(Math.abs(lon) <= 180 && Math.abs(lat) < 88)) {
        throw new ProblemException(IdentityProblem.INVALID_DUTY, "a position has a longitude of -180 to 180 and a latitude between -88 and 88, was " + lon + ", " + lat,
            java.util.Map.of("field", "lon")).zh("坐标无效：经度须在 -180 至 180 之间，纬度须在 -88 至 88 之间");
      }
      if (accuracyMeters != null && !(accuracyMeters >= 0 && accuracyMeters <= 100_000)) {
        throw new ProblemException(IdentityProblem.INVALID_DUTY, "the accuracy is 0 to 100000 m, was " + accuracyMeters, java.util.Map.of("field", "accuracy"))
            .zh("定位精度须为 0 至 100000 米");
      }
    }
  }

  /** A position on a way. */
  record Seen(Instant at, double lon, double lat, Double accuracyMeters) {}

  /**
   * The caller goes on duty for an area, by default that of the shift under way or of the position held.
   *
   * @param areaCode {@code null}: the default; else within the area of the position
   * @param at {@code null}: not known yet
   * @throws ProblemException {@code identity.on-duty} where the caller is already, {@code identity.invalid-duty} for an area beyond the position's
   */
  OnDuty start(String areaCode, Position at);

  /** @throws ProblemException {@code identity.not-on-duty} */
  OnDuty end();

  /** @throws ProblemException {@code identity.not-on-duty}, {@code identity.too-often} */
  OnDuty report(Position at);

  /** The caller's own duty, while it lasts. */
  Optional<OnDuty> findOwn();

  /** Everybody on duty within the viewer's scope, by name. */
  List<OnDuty> listOnDuty();

  /**
   * The way of a duty, oldest first. Personal data: the look is written into the access log first.
   *
   * @throws ProblemException {@code identity.unknown-duty}
   */
  List<Seen> revealWay(long dutyId, Purpose purpose);
}
