package io.citywide.map.internal.search;

import io.citywide.identity.Viewer;
import io.citywide.map.internal.search.NameIndex.Entry;
import io.citywide.map.spi.SearchSource;
import io.citywide.place.Area;
import io.citywide.place.BaseFeatures;
import io.citywide.place.BaseLayerReplaced;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ServerSettings;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Areas, roads, buildings, addresses, places and kinds by name. The index lies in {@code index/names} of the data folder and
 * is written anew in the background when what it was made of has changed; until then the one before answers. It holds
 * reference data only: no personal data, nothing that a scope could hide.
 */
@Component
public class NameSearch implements SearchSource {

  private static final Logger log = LoggerFactory.getLogger(NameSearch.class);

  private final BaseFeatures features;
  private final Places places;
  private final Catalogue kinds;
  private final Path folder;
  private final Neighbours neighbours;
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
  private final ReentrantLock making = new ReentrantLock();
  private final AtomicBoolean asked = new AtomicBoolean();
  private NameIndex index;

  NameSearch(BaseFeatures features, Places places, Catalogue kinds, ServerSettings server, Neighbours neighbours) {
    this.features = features;
    this.places = places;
    this.kinds = kinds;
    this.folder = server.data().resolve("index").resolve("names");
    neighbours.hear("areas", facts -> renewSoon());
    neighbours.hear("names", facts -> renewSoon());
    neighbours.hearGap(this::renewSoon);
    this.neighbours = neighbours;
  }

  @Override
  public List<Hit> search(String text, int limit) {
    use.readLock().lock();
    try {
      return index == null ? List.of() : index.search(text, limit);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      use.readLock().unlock();
    }
  }

  @TransactionalEventListener
  void replaced(BaseLayerReplaced layer) {
    neighbours.everywhere("names", Map.of());
  }

  @EventListener(ApplicationReadyEvent.class)
  void renewSoon() {
    if (asked.compareAndSet(false, true)) {
      Thread.ofVirtual().name("names").start(() -> Viewer.runAs(Viewer.system("search"), () -> {
        try {
          renew();
        } catch (IOException | RuntimeException e) {
          log.error("the index of names could not be written; the one before goes on answering", e);
        }
      }));
    }
  }

  /** Brings the index up to date and waits for it; does nothing where it is. */
  public void renew() throws IOException {
    making.lock();
    try {
      asked.set(false);
      if (index == null) {
        openNewest();
      }
      String madeOf = madeOf();
      if (index != null && index.madeOf().equals(madeOf)) {
        return;
      }
      Path fresh = folder.resolve(Long.toString(System.currentTimeMillis()));
      NameIndex.write(fresh, madeOf, this::write);
      swap(NameIndex.open(fresh).orElseThrow(() -> new IOException("the index just written cannot be opened: " + fresh)));
      deleteAllBut(fresh);
    } finally {
      making.unlock();
    }
  }

  private void openNewest() throws IOException {
    for (Path known : folders().sorted(Comparator.reverseOrder()).toList()) {
      var opened = NameIndex.open(known);
      if (opened.isPresent()) {
        swap(opened.get());
        return;
      }
    }
  }

  private Stream<Path> folders() throws IOException {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> known = Files.list(folder)) {
      return known.toList().stream();
    }
  }

  private void deleteAllBut(Path kept) throws IOException {
    for (Path old : folders().filter(f -> !f.equals(kept)).toList()) {
      try (Stream<Path> files = Files.walk(old)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private void swap(NameIndex next) throws IOException {
    use.writeLock().lock();
    try {
      if (index != null) {
        index.close();
      }
      index = next;
    } finally {
      use.writeLock().unlock();
    }
  }

  @PreDestroy
  void close() throws IOException {
    swap(null);
  }

  /** Changes whenever a name, place or position may have. */
  private String madeOf() {
    var sum = new CRC32C();
    Stream.of(features.layers().stream().map(l -> l.layer() + l.etag()), places.listAreas().stream().map(NameSearch::facts), kinds.listKinds().stream().map(k -> k.id() + k.nameZh() + k.validTo()))
        .flatMap(s -> s).forEach(fact -> sum.update((fact + "\n").getBytes(StandardCharsets.UTF_8)));
    return "1-" + Long.toHexString(sum.getValue());
  }

  private static String facts(Area area) {
    return area.code() + area.name() + area.nameEn() + area.aliases() + (area.center() == null ? "" : area.center()[0] + "," + area.center()[1]);
  }

  private void write(NameIndex.Writing writing) throws IOException {
    for (Area area : places.listAreas()) {
      List<String> names = new ArrayList<>(List.of(area.name(), area.code()));
      if (area.nameEn() != null) {
        names.add(area.nameEn());
      }
      names.addAll(area.aliases());
      String whole = places.describe(area.code());
      writing.add(new Entry(area.level().ordinal(), new Hit("area", area.code(), area.name(), area.nameEn() == null ? area.name() : area.nameEn(), whole.equals(area.name()) ? null : whole,
          area.center() == null ? null : area.center()[0], area.center() == null ? null : area.center()[1], 0), names));
    }
    for (Kind kind : kinds.listKinds()) {
      if (kind.family() == Kind.Family.COMPONENT && kind.validTo() == null) {
        writing.add(new Entry(6, new Hit("kind", kind.id(), kind.nameZh(), kind.nameEn(), kind.majorZh(), null, null, 0), List.of(kind.nameZh(), kind.nameEn())));
      }
    }
    try {
      Set<String> written = new HashSet<>();
      String[] group = {""};
      features.readNames(named -> {
        try {
          feature(writing, named, written, group);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** A road has many pieces and one name: each name once in each district. */
  private void feature(NameIndex.Writing writing, BaseFeatures.Named named, Set<String> written, String[] group) throws IOException {
    String type = switch (named.layer()) {
      case "roads" -> "road";
      case "buildings" -> "building";
      default -> "place";
    };
    var spot = places.locate(named.lon(), named.lat());
    String where = spot.map(s -> places.describe(s.community() != null ? s.community().code() : s.areaCode())).orElse(null);
    if (named.name() != null) {
      String inLayer = named.layer() + "|" + named.name();
      if (!inLayer.equals(group[0])) {
        group[0] = inLayer;
        written.clear();
      }
      String district = spot.map(s -> s.district() == null ? s.areaCode() : s.district().code()).orElse("");
      if (written.add(type.equals("road") || type.equals("place") ? district : named.lon() + "," + named.lat())) {
        List<String> names = new ArrayList<>(List.of(named.name()));
        if (named.nameEn() != null) {
          names.add(named.nameEn());
        }
        if (named.address() != null) {
          names.add(named.address());
        }
        writing.add(new Entry(type.equals("road") ? 5 : type.equals("place") ? 7 : 8, new Hit(type, id(named), named.name(), named.nameEn() == null ? named.name() : named.nameEn(),
            type.equals("building") && named.address() != null ? named.address() : where, named.lon(), named.lat(), 0), names));
      }
    } else {
      writing.add(new Entry(9, new Hit("address", id(named), named.address(), named.address(), where, named.lon(), named.lat(), 0), List.of(named.address())));
    }
  }

  /** The same after the layer was imported anew, as long as it stands in the same place. */
  private static String id(BaseFeatures.Named named) {
    return (named.name() == null ? named.address() : named.name()) + "@" + String.format(Locale.ROOT, "%.5f,%.5f", named.lon(), named.lat());
  }
}
