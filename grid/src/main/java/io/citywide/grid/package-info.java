/**
 * The BeiDou grid location code, GB/T 39409-2020, in two dimensions: codes, sortable 64-bit keys, neighbours and
 * coverings. Plain Java without dependencies; owns no tables.
 *
 * <p>All arithmetic is on integers in units of 1/2048″ (1° = 7 372 800 units), so that a cell boundary is never
 * decided by rounding. Coordinates are degrees in CGCS2000 (for a city the same as WGS-84); GCJ-02 and BD-09 must be
 * converted before. From level 2 on indices count away from the origin in every hemisphere (figures 2 to 8 of the
 * standard), therefore a position is first mirrored into the north-eastern quadrant.
 *
 * <table>
 *   <caption>Levels</caption>
 *   <tr><th>level</th><th>longitude × latitude</th><th>code length</th></tr>
 *   <tr><td>1</td><td>6° × 4°</td><td>4</td></tr>
 *   <tr><td>2</td><td>30′ × 30′</td><td>6</td></tr>
 *   <tr><td>3</td><td>15′ × 10′</td><td>7</td></tr>
 *   <tr><td>4</td><td>1′ × 1′</td><td>9</td></tr>
 *   <tr><td>5</td><td>4″ × 4″, about 124 m</td><td>11</td></tr>
 *   <tr><td>6</td><td>2″ × 2″, about 62 m</td><td>12</td></tr>
 *   <tr><td>7</td><td>1/4″, about 7.7 m</td><td>14</td></tr>
 *   <tr><td>8</td><td>1/32″, about 1 m</td><td>16</td></tr>
 *   <tr><td>9</td><td>1/256″, about 12 cm</td><td>18</td></tr>
 *   <tr><td>10</td><td>1/2048″, about 1.5 cm</td><td>20</td></tr>
 * </table>
 */
package io.citywide.grid;
