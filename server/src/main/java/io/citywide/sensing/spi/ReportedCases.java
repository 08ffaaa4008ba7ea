package io.citywide.sensing.spi;

import io.citywide.identity.AreaScope;
import java.time.Instant;
import java.util.List;

/**
 * What people reported around devices, beside which a rehearsal holds what a rule would have warned of. Answers lie within the sight of
 * the current viewer; cases that were turned away or made void count for nothing. Reads the database: call within a transaction. Each
 * answer is one statement, however many stretches are asked about.
 */
public interface ReportedCases {

  /**
   * Where a device stands.
   *
   * @param lon WGS-84 degrees
   * @param lat WGS-84 degrees
   * @param componentIdent component it is fixed to; may be {@code null}
   * @param buildingIdent building it stands in; may be {@code null}
   */
  record Site(double lon, double lat, String componentIdent, String buildingIdent) {}

  /**
   * A time at some of the sites.
   *
   * @param sites indexes of the list of sites
   * @param from first moment
   * @param to first moment after
   */
  record Stretch(List<Integer> sites, Instant from, Instant to) {

    public Stretch {
      sites = List.copyOf(sites);
    }
  }

  /** What connects a case with a site, the closest first. */
  enum Tie {
    /** It is about the component that the device is fixed to. */
    COMPONENT,
    /** It lies in the box around the outline of the building in which the device stands. */
    BUILDING,
    /** It lies within the distance. */
    NEAR
  }

  /**
   * A case.
   *
   * @param kindId {@code null}: nobody knows yet
   * @param kindZh its kind, or the id where the catalogue has no such kind; {@code null} without
   * @param stage where it stands now, as the module {@code cases} names it
   * @param channel by which it was first reported: a case of {@code SENSOR} may have been opened by a warning
   * @param tie the closest to any site; {@code null}: it is near none
   * @param meters to the nearest of these sites; {@code null}: it is near none, or has no place
   */
  record Reported(long id, String caseNo, String kindId, String kindZh, String kindEn, String stage, String channel, Instant at, Tie tie, Integer meters) {}

  /**
   * The cases reported in one stretch.
   *
   * @param count how many
   * @param first some of them, the closest first
   */
  record Around(long count, List<Reported> first) {

    public static final Around NOTHING = new Around(0, List.of());
  }

  /**
   * Cases of one kind.
   *
   * @param all how many were reported
   * @param missed of them, those in no stretch
   * @param beyond of these, those near none of the sites: no device could have told
   * @param first some of those missed, those near a site first, else the earliest
   */
  record OfKind(long all, long missed, long beyond, List<Reported> first) {}

  /**
   * Where and when cases of a kind are looked for.
   *
   * @param kindId of the catalogue
   * @param to first moment after
   */
  record Ground(String kindId, AreaScope area, Instant from, Instant to) {}

  /**
   * The cases around each stretch.
   *
   * @param meters a case farther from all sites of a stretch is not around it, unless it is about the component or in the building; 1..5000
   * @param most how many cases of each stretch are told, at least 0
   * @return one for each stretch, in their order
   */
  List<Around> around(List<Site> sites, List<Stretch> stretches, int meters, int most);

  /** The cases of a kind beside the stretches; {@code meters} and {@code most} as of {@link #around}. */
  OfKind ofKind(Ground ground, List<Site> sites, List<Stretch> stretches, int meters, int most);
}
