package io.citywide.place.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.place.Catalogue.NewKind;
import io.citywide.place.Kind;
import io.citywide.place.Kind.Family;
import io.citywide.place.internal.KindStore;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The catalogues of components and matters. */
@RestController
@RequestMapping("/api/kinds")
class KindController {

  record Revision(String nameZh, String nameEn, List<String> keywords, LocalDate validTo) {}

  private final KindStore kinds;

  KindController(KindStore kinds) {
    this.kinds = kinds;
  }

  /**
   * @param standard a standard such as {@code GB/T 47678.5-2026} or its short name {@code gb47678.5}
   * @param active {@code true} (default): in force today; {@code false}: ended ones too
   */
  @Requires(Permission.PLACE_READ)
  @GetMapping
  List<Kind> list(@RequestParam(required = false) Family family, @RequestParam(required = false) String standard,
      @RequestParam(required = false) String q, @RequestParam(defaultValue = "true") boolean active) {
    List<Kind> from = active ? kinds.listKinds(family, standard) : kinds.listKinds().stream()
        .filter(k -> family == null || k.family() == family)
        .filter(k -> standard == null || k.standardRef().equals(standard) || k.id().startsWith(standard + "-")).toList();
    if (q == null || q.isBlank()) {
      return from;
    }
    String wanted = q.strip().toLowerCase(Locale.ROOT);
    return from.stream()
        .filter(k -> k.code().startsWith(wanted) || k.nameZh().contains(wanted) || k.nameEn().toLowerCase(Locale.ROOT).contains(wanted)
            || k.keywords().stream().anyMatch(word -> word.contains(wanted)))
        .toList();
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/{id}")
  Kind one(@PathVariable String id) {
    return kinds.findKind(id).orElseThrow(() -> KindStore.unknown(id));
  }

  @Requires(value = Permission.CATALOGUE_EDIT, wholeCity = true)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Kind add(@RequestBody NewKind kind) {
    return kinds.addExtension(kind);
  }

  @Requires(value = Permission.CATALOGUE_EDIT, wholeCity = true)
  @PutMapping("/{id}")
  Kind revise(@PathVariable String id, @RequestBody Revision revision) {
    return kinds.reviseExtension(id, revision.nameZh(), revision.nameEn(), revision.keywords(), revision.validTo());
  }
}
