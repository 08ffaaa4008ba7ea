package io.citywide.map.internal.search;

import io.citywide.map.spi.SearchSource.Hit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.MMapDirectory;

/**
 * An index of names on disk, written once and then only read. Names are found by their beginning, by any part of at least
 * two characters, by their pinyin and its initials. Documents are stored in the order of their weight, so that a search
 * for a single letter ends after the first few.
 */
final class NameIndex implements AutoCloseable {

  /**
   * One thing with a name.
   *
   * @param weight 0 for what is most likely meant (a district) upward
   * @param hit its score is set by the search
   * @param names everything it is called
   */
  record Entry(int weight, Hit hit, List<String> names) {}

  private static final String MADE_OF = "made-of";
  private static final Sort ORDER = new Sort(new SortField("weight", SortField.Type.INT));

  private final DirectoryReader reader;
  private final IndexSearcher searcher;

  private NameIndex(DirectoryReader reader) {
    this.reader = reader;
    this.searcher = new IndexSearcher(reader);
  }

  /** Takes entries. */
  interface Writing {
    void add(Entry entry) throws IOException;
  }

  /** Gives all entries. */
  interface Content {
    void write(Writing writing) throws IOException;
  }

  /** Writes an index into an empty folder. {@code madeOf} says what of, for {@link #madeOf()}. */
  static void write(Path folder, String madeOf, Content content) throws IOException {
    Files.createDirectories(folder);
    IndexWriterConfig config = new IndexWriterConfig(new StandardAnalyzer()).setIndexSort(ORDER).setRAMBufferSizeMB(16);
    try (FSDirectory directory = MMapDirectory.open(folder); IndexWriter writer = new IndexWriter(directory, config)) {
      content.write(entry -> writer.addDocument(document(entry)));
      writer.forceMerge(1);
      writer.setLiveCommitData(Map.of(MADE_OF, madeOf).entrySet());
      writer.commit();
    }
  }

  private static Document document(Entry entry) {
    Document document = new Document();
    Hit hit = entry.hit();
    // Of two that are as likely the shorter name is nearer to what was typed.
    document.add(new NumericDocValuesField("weight", entry.weight() * 1_000L + Math.min(999, hit.titleZh().length())));
    for (String name : entry.names()) {
      document.add(new StringField("name", plain(name), Field.Store.NO));
      document.add(new TextField("text", name, Field.Store.NO));
      Pinyin.initials(name).forEach(way -> document.add(new StringField("initials", way, Field.Store.NO)));
      Pinyin.syllables(name).forEach(way -> document.add(new StringField("pinyin", way, Field.Store.NO)));
    }
    document.add(new StoredField("type", hit.type()));
    document.add(new StoredField("id", hit.id()));
    document.add(new StoredField("zh", hit.titleZh()));
    document.add(new StoredField("en", hit.titleEn()));
    if (hit.detail() != null) {
      document.add(new StoredField("detail", hit.detail()));
    }
    if (hit.lon() != null && hit.lat() != null) {
      document.add(new StoredField("lon", hit.lon()));
      document.add(new StoredField("lat", hit.lat()));
    }
    return document;
  }

  /** @return empty where the folder holds no whole index */
  static Optional<NameIndex> open(Path folder) {
    try {
      return Optional.of(new NameIndex(DirectoryReader.open(MMapDirectory.open(folder))));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty(); // it is written anew
    }
  }

  String madeOf() throws IOException {
    return reader.getIndexCommit().getUserData().getOrDefault(MADE_OF, "");
  }

  int size() {
    return reader.numDocs();
  }

  /** The same name in the same letters: without spaces, in lower case. */
  private static String plain(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("\\s+", "");
  }

  /** The best first, each once. */
  List<Hit> search(String text, int limit) throws IOException {
    String typed = plain(text);
    Map<String, Hit> found = new LinkedHashMap<>();
    collect(new TermQuery(new Term("name", typed)), 1, limit, found);
    collect(new PrefixQuery(new Term("name", typed)), 0.9, limit, found);
    if (typed.chars().allMatch(c -> c < 128)) {
      collect(new PrefixQuery(new Term("initials", typed)), 0.8, limit, found);
      collect(new PrefixQuery(new Term("pinyin", typed)), 0.7, limit, found);
    }
    if (typed.length() > 1) {
      collect(part(typed), 0.6, limit, found);
    }
    return List.copyOf(found.values());
  }

  /** A part of a name: characters after one another; of Latin words the last may be unfinished. */
  private static Query part(String typed) {
    if (typed.chars().anyMatch(c -> c >= 0x3400)) {
      PhraseQuery.Builder phrase = new PhraseQuery.Builder();
      for (String term : terms(typed)) {
        phrase.add(new Term("text", term));
      }
      return phrase.build();
    }
    BooleanQuery.Builder words = new BooleanQuery.Builder();
    words.add(new PrefixQuery(new Term("text", typed)), Occur.MUST);
    return words.build();
  }

  private static List<String> terms(String text) {
    List<String> terms = new ArrayList<>();
    try (StandardAnalyzer analyzer = new StandardAnalyzer(); var stream = analyzer.tokenStream("text", text)) {
      var term = stream.addAttribute(org.apache.lucene.analysis.tokenattributes.CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        terms.add(term.toString());
      }
      stream.end();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return terms;
  }

  private void collect(Query query, double score, int limit, Map<String, Hit> found) throws IOException {
    if (found.size() >= limit) {
      return;
    }
    for (ScoreDoc doc : searcher.search(query, new TopFieldCollectorManager(ORDER, limit, null, limit)).scoreDocs) {
      Document document = searcher.storedFields().document(doc.doc);
      var lon = document.getField("lon");
      var lat = document.getField("lat");
      Hit hit = new Hit(document.get("type"), document.get("id"), document.get("zh"), document.get("en"), document.get("detail"),
          lon == null ? null : lon.numericValue().doubleValue(), lat == null ? null : lat.numericValue().doubleValue(), score);
      if (found.size() < limit) {
        found.putIfAbsent(hit.type() + " " + hit.id(), hit);
      }
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
    reader.directory().close();
  }
}
