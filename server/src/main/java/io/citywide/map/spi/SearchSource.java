package io.citywide.map.spi;

import java.util.List;

/** Things that the search box finds, within the scope of the current viewer. */
public interface SearchSource {

  /**
   * One answer.
   *
   * @param type {@code area}, {@code address}, {@code road}, {@code building}, {@code grid}, {@code component}, {@code case}, {@code person}, {@code device}, {@code place}, {@code kind}
   * @param id of the thing within its type
   * @param titleZh for people
   * @param titleEn for people
   * @param detail a second line, such as the area it lies in; may be {@code null}
   * @param lon WGS-84 degrees; {@code null} where it has no place
   * @param lat WGS-84 degrees; {@code null} where it has no place
   * @param score 0..1, 1 for an exact number or name
   */
  record Hit(String type, String id, String titleZh, String titleEn, String detail, Double lon, Double lat, double score) {}

  /**
   * The best answers, within a few milliseconds.
   *
   * @param text as typed so far, trimmed, 1 to 100 characters; may be Chinese, pinyin initials, a number or a BeiDou code
   * @param limit 1..20
   */
  List<Hit> search(String text, int limit);
}
