package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.Kind.Family;
import io.citywide.place.Kind.Provenance;
import io.citywide.place.internal.KindStore;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The catalogues of GB/T 47678.5-2026 and GB/T 30428.2-2013 as versioned data. */
@ServerTest
class CatalogueTest {

  @Autowired Catalogue catalogue;
  @Autowired KindStore store;
  @Autowired TestPeople people;

  private List<Kind> of(String standard, Family family) {
    return catalogue.listKinds().stream().filter(k -> k.standardRef().equals(standard) && k.family() == family && !k.extension()).toList();
  }

  @Test
  void holdsEveryClassOfTheNationalStandard() {
    // GB/T 47678.5-2026: 153 components; matters are the same 153 as faults and 97 of their own
    assertThat(of("GB/T 47678.5-2026", Family.COMPONENT)).hasSize(153).allMatch(k -> k.provenance() == Provenance.VERIFIED);
    List<Kind> matters = of("GB/T 47678.5-2026", Family.MATTER);
    assertThat(matters).hasSize(250);
    assertThat(matters.stream().filter(k -> k.componentKindId() != null)).hasSize(153).allMatch(k -> k.nameZh().endsWith("异常"));
    Map<String, Integer> sizes = new HashMap<>();
    matters.forEach(k -> sizes.merge(k.majorCode(), 1, Integer::sum));
    assertThat(sizes).isEqualTo(Map.of("01", 76, "02", 44, "03", 16, "04", 14, "05", 3, "06", 51, "07", 7, "08", 16, "09", 21, "10", 2));
  }

  @Test
  void sharesTheNumberSpaceBetweenComponentsAndMatters() {
    assertThat(catalogue.findKind("gb47678.5-C01001").orElseThrow().nameZh()).isEqualTo("供水井盖");
    Kind fault = catalogue.findKind("gb47678.5-M01001").orElseThrow();
    assertThat(fault.nameZh()).isEqualTo("供水井盖异常");
    assertThat(fault.componentKindId()).isEqualTo("gb47678.5-C01001");
    assertThat(catalogue.findKind("gb47678.5-M06010").orElseThrow().nameZh()).isEqualTo("暴露垃圾");
    assertThat(catalogue.findKind("gb47678.5-M06010").orElseThrow().componentKindId()).isNull();
  }

  @Test
  void keepsTheOldStandardEndedAndMapsItToTheNew() {
    Kind old = catalogue.findKind("gb30428.2-M0110").orElseThrow();
    assertThat(old.nameZh()).isEqualTo("暴露垃圾");
    assertThat(old.provenance()).as("derived, not read in the standard").isEqualTo(Provenance.RECALLED);
    assertThat(old.validTo()).isEqualTo("2026-06-30");
    // 04-05 店外经营 → 09005, 03-11 → 08011
    assertThat(catalogue.findSuccessor("gb30428.2-M0405").orElseThrow().id()).isEqualTo("gb47678.5-M09005");
    assertThat(catalogue.findSuccessor("gb30428.2-M0311").orElseThrow().id()).isEqualTo("gb47678.5-M08011");
    assertThat(catalogue.findSuccessor("gb47678.5-M08011")).isEmpty();
    assertThat(catalogue.listKinds(null, "gb30428.2")).as("ended").isEmpty();
  }

  @Test
  void givesEveryKindBothNamesAndKeywordsOfBothLanguages() {
    Set<String> names = new HashSet<>();
    for (Kind kind : catalogue.listKinds()) {
      if (kind.extension()) {
        continue;
      }
      assertThat(names.add(kind.standardRef() + kind.family() + kind.nameZh())).as(kind.nameZh()).isTrue();
      assertThat(kind.nameEn()).as(kind.id()).isNotBlank();
      assertThat(kind.keywords()).as(kind.id()).anyMatch(w -> w.codePoints().anyMatch(c -> c > 0x4e00));
      if (!kind.id().equals("gb30428.2-C0101")) {
        assertThat(kind.keywords()).as(kind.id()).anyMatch(w -> w.matches("[\\x20-\\x7e]+"));
      }
    }
  }

  @Test
  void loadingTheFilesAgainChangesNothing() {
    int before = catalogue.listKinds().size();
    store.afterSingletonsInstantiated();
    assertThat(catalogue.listKinds()).hasSize(before);
  }

  @Test
  void numbersExtensionsOfTheStandardDownwardAndFlagsThem() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, "320100", null).client();
    Map<String, Object> draft = new HashMap<>(Map.of("standardRef", "GB/T 47678.5-2026", "family", "MATTER", "code", "10",
        "nameZh", "无人机黑飞", "nameEn", "Illegal drone flight", "keywords", List.of("无人机", "drone")));
    Answer first = steward.post("/api/kinds", draft);
    assertThat(first.status()).as(first.text()).isEqualTo(201);
    assertThat(first.json().path("id").asString()).isEqualTo("gb47678.5-M10999");
    assertThat(first.json().path("extension").asBoolean()).isTrue();
    draft.put("nameZh", "低空扰民");
    assertThat(steward.post("/api/kinds", draft).json().path("id").asString()).isEqualTo("gb47678.5-M10998");

    assertThat(steward.get("/api/kinds?q=drone").json().size()).isEqualTo(2);
    Answer revised = steward.put("/api/kinds/gb47678.5-M10998", Map.of("nameZh", "低空飞行扰民", "nameEn", "Low flight nuisance", "keywords", List.of()));
    assertThat(revised.json().path("nameZh").asString()).isEqualTo("低空飞行扰民");
    assertThat(catalogue.findKind("gb47678.5-M10998").orElseThrow().nameZh()).isEqualTo("低空飞行扰民");
  }

  @Test
  void refusesToTouchWhatTheStandardFixes() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, "320100", null).client();
    Map<String, Object> draft = new HashMap<>(Map.of("standardRef", "gb47678.5", "family", "MATTER", "code", "06060", "nameZh", "甲", "nameEn", "A"));
    assertThat(steward.post("/api/kinds", draft).json().path("detail").asString()).contains("080 to 999");
    draft.put("code", "77080");
    assertThat(steward.post("/api/kinds", draft).json().path("detail").asString()).contains("no large class 77");
    draft.put("standardRef", "gb30428.2");
    assertThat(steward.post("/api/kinds", draft).problem()).isEqualTo("place.invalid-kind");
    assertThat(steward.put("/api/kinds/gb47678.5-M06010", Map.of("nameZh", "甲", "nameEn", "A")).problem()).isEqualTo("place.invalid-kind");
    assertThat(people.someone(Role.ACCEPTOR, "320100", null).client().post("/api/kinds", draft).status()).isEqualTo(403);
  }

  @Test
  void keepsLocalCataloguesBesideTheStandards() {
    var draft = new Catalogue.NewKind("boston311", Family.MATTER, "needle-pickup", "针头清理", "Needle pickup", null, null, List.of("needle"));
    Kind kind = catalogue.addExtension(draft);
    assertThat(kind.id()).isEqualTo("boston311-Mneedle-pickup");
    assertThat(catalogue.addExtension(draft)).isEqualTo(kind);
    assertThat(catalogue.findKind(kind.id())).contains(kind);
    assertThat(catalogue.listKinds(null, "boston311")).contains(kind);
  }
}
