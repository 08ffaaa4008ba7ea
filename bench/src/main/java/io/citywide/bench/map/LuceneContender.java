package io.citywide.bench.map;

import io.citywide.grid.GridKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.LatLonDocValuesField;
import org.apache.lucene.document.LatLonPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.geo.GeoEncodingUtils;
import org.apache.lucene.geo.Polygon;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedNumericDocValues;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.store.FSDirectory;

/** Lucene's BKD tree over LatLonPoint with id, kind and position as doc values, merged to one segment. Its earth is a sphere. */
final class LuceneContender implements Contender {

  private final Path folder;
  private FSDirectory directory;
  private DirectoryReader reader;

  LuceneContender(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return "Lucene LatLonPoint";
  }

  @Override
  public Built build(Points points) throws IOException {
    long begun = System.nanoTime();
    directory = FSDirectory.open(folder);
    try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig().setRAMBufferSizeMB(512))) {
      Document document = new Document();
      LatLonPoint point = new LatLonPoint("at", 0, 0);
      LatLonDocValuesField position = new LatLonDocValuesField("position", 0, 0);
      NumericDocValuesField id = new NumericDocValuesField("id", 0);
      NumericDocValuesField kind = new NumericDocValuesField("kind", 0);
      document.add(point);
      document.add(position);
      document.add(id);
      document.add(kind);
      for (int i = 0; i < points.size(); i++) {
        double lon = GridKeys.centerLon(points.keys[i]);
        double lat = GridKeys.centerLat(points.keys[i]);
        point.setLocationValue(lat, lon);
        position.setLocationValue(lat, lon);
        id.setLongValue(points.ids[i]);
        kind.setLongValue(points.kinds[i]);
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
    reader = DirectoryReader.open(directory);
    double seconds = (System.nanoTime() - begun) / 1e9;
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) bytes += Files.size(file);
    }
    return new Built(seconds, bytes / 1e6);
  }

  @Override
  public boolean answers(Question question) {
    return question != Question.TILE;
  }

  @Override
  public Client client() {
    IndexSearcher searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    return new Client() {
      @Override
      public long count(double lon, double lat, double meters) throws IOException {
        return searcher.count(LatLonPoint.newDistanceQuery("at", lat, lon, meters));
      }

      @Override
      @SuppressWarnings("deprecation")
      public void list(double lon, double lat, double meters, Sink sink) throws IOException {
        searcher.search(LatLonPoint.newDistanceQuery("at", lat, lon, meters), new SimpleCollector() {
          private NumericDocValues ids;
          private NumericDocValues kinds;
          private SortedNumericDocValues positions;

          @Override
          protected void doSetNextReader(LeafReaderContext context) throws IOException {
            ids = DocValues.getNumeric(context.reader(), "id");
            kinds = DocValues.getNumeric(context.reader(), "kind");
            positions = DocValues.getSortedNumeric(context.reader(), "position");
          }

          @Override
          public void collect(int doc) throws IOException {
            ids.advanceExact(doc);
            kinds.advanceExact(doc);
            positions.advanceExact(doc);
            long position = positions.nextValue();
            sink.point(ids.longValue(), (int) kinds.longValue(), GeoEncodingUtils.decodeLongitude((int) position),
                GeoEncodingUtils.decodeLatitude((int) (position >>> 32)));
          }

          @Override
          public ScoreMode scoreMode() {
            return ScoreMode.COMPLETE_NO_SCORES;
          }
        });
      }

      @Override
      public long[] nearest(double lon, double lat, int most) throws IOException {
        ScoreDoc[] found = LatLonPoint.nearest(searcher, "at", lat, lon, most).scoreDocs;
        // One segment: its documents are those of the reader.
        LeafReader segment = reader.leaves().getFirst().reader();
        long[] ids = new long[found.length];
        for (int i = 0; i < ids.length; i++) {
          NumericDocValues id = DocValues.getNumeric(segment, "id");
          id.advanceExact(found[i].doc);
          ids[i] = id.longValue();
        }
        return ids;
      }

      @Override
      @SuppressWarnings("deprecation")
      public Map<Integer, Long> counts(double[][] polygon) throws IOException {
        Polygon[] holes = Arrays.stream(polygon).skip(1).map(LuceneContender::ring).toArray(Polygon[]::new);
        long[] byKind = new long[Character.MAX_VALUE + 1];
        searcher.search(LatLonPoint.newPolygonQuery("at", ring(polygon[0], holes)), new SimpleCollector() {
          private NumericDocValues kinds;

          @Override
          protected void doSetNextReader(LeafReaderContext context) throws IOException {
            kinds = DocValues.getNumeric(context.reader(), "kind");
          }

          @Override
          public void collect(int doc) throws IOException {
            kinds.advanceExact(doc);
            byKind[(int) kinds.longValue()]++;
          }

          @Override
          public ScoreMode scoreMode() {
            return ScoreMode.COMPLETE_NO_SCORES;
          }
        });
        return Contender.byKind(byKind);
      }
    };
  }

  private static Polygon ring(double[] corners, Polygon... holes) {
    double[] lats = new double[corners.length / 2 + 1];
    double[] lons = new double[lats.length];
    for (int i = 0; i < lats.length; i++) {
      lons[i] = corners[2 * i % corners.length];
      lats[i] = corners[(2 * i + 1) % corners.length];
    }
    return new Polygon(lats, lons, holes);
  }

  @Override
  public void close() throws IOException {
    if (reader != null) reader.close();
    if (directory != null) directory.close();
  }
}
