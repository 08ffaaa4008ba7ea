package io.citywide.map.internal.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.map.internal.search.NameIndex.Entry;
import io.citywide.map.spi.SearchSource.Hit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the search box finds as a name is typed. */
class NameIndexTest {

  @TempDir Path folder;

  private static Entry entry(int weight, String name, String english) {
    return new Entry(weight, new Hit(weight < 5 ? "area" : "road", name, name, english, null, 1.0, 2.0, 0), List.of(name, english));
  }

  private List<String> found(String typed) throws IOException {
    Path index = folder.resolve("i");
    if (!Files.exists(index)) {
      NameIndex.write(index, "x", writing -> {
        writing.add(entry(5, "南京西路", "West Nanjing Road"));
        writing.add(entry(5, "南京路", "Nanjing Road"));
        writing.add(entry(1, "南京区", "Nanjing District"));
        writing.add(entry(5, "北京东路", "East Beijing Road"));
        writing.add(entry(5, "京南路", "Jingnan Road"));
      });
    }
    try (NameIndex open = NameIndex.open(index).orElseThrow()) {
      return open.search(typed, 10).stream().map(Hit::titleZh).toList();
    }
  }

  @Test
  void aNameIsFoundByItsBeginningTheLikeliestFirst() throws IOException {
    assertThat(found("南京")).containsExactly("南京区", "南京路", "南京西路");
    assertThat(found("南京路")).as("the whole name before all others").first().isEqualTo("南京路");
  }

  @Test
  void initialsAndPinyinAreFoundTheSame() throws IOException {
    assertThat(found("njl")).containsExactly("南京路");
    assertThat(found("nj")).containsExactly("南京区", "南京路", "南京西路");
    assertThat(found("NanJingXi")).containsExactly("南京西路");
  }

  @Test
  void aPartOfANameIsFoundInItsOrderOnly() throws IOException {
    assertThat(found("京东")).containsExactly("北京东路");
    assertThat(found("京南")).containsExactly("京南路");
    assertThat(found("beijing")).containsExactly("北京东路");
  }

  @Test
  void whatIsNotThereIsNotFound() throws IOException {
    for (String nothing : List.of("xyz", "东京", "南路京", "%", "*", "(", "a:b", "\\")) {
      assertThat(found(nothing)).as(nothing).isEmpty();
    }
  }

  @Test
  void anIndexThatIsNotWholeIsNotOpened() throws IOException {
    found("南京");
    try (Stream<Path> files = Files.list(folder.resolve("i"))) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("segments")).toList()) {
        Files.write(file, new byte[] {1, 2, 3});
      }
    }
    assertThat(NameIndex.open(folder.resolve("i"))).isEmpty();
    assertThat(NameIndex.open(folder.resolve("nowhere"))).isEmpty();
  }
}
