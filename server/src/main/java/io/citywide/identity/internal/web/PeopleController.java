package io.citywide.identity.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Purpose;
import io.citywide.identity.Requires;
import io.citywide.identity.Role;
import io.citywide.identity.internal.GrantDesk;
import io.citywide.identity.internal.PeopleDesk;
import io.citywide.identity.internal.PeopleDesk.Created;
import io.citywide.identity.internal.PeopleDesk.Draft;
import io.citywide.identity.internal.PeopleDesk.Person;
import io.citywide.platform.Slice;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** People, their accounts and their positions. */
@RestController
class PeopleController {

  /** {@code signIn} false: an account without a password, such as of a grid member who is only named. */
  record NewPerson(String login, String name, String phone, String areaCode, Boolean signIn) {}

  record NewPosition(Long unitId, @NotNull Role role, String areaCode) {}

  record OneTime(String oneTimePassword) {}

  record Phone(String phone) {}

  record RoleView(Role role, String nameZh, String nameEn, Set<Permission> permissions, boolean administrator, boolean unitBound) {}

  private final PeopleDesk people;
  private final GrantDesk grants;

  PeopleController(PeopleDesk people, GrantDesk grants) {
    this.people = people;
    this.grants = grants;
  }

  @Requires(Permission.PERSON_READ)
  @GetMapping("/api/people")
  Slice<Person> list(@RequestParam(required = false) String q, @RequestParam(required = false) Role role,
      @RequestParam(required = false) Long unitId, @RequestParam(required = false) Boolean active,
      @RequestParam(defaultValue = "100") int limit, @RequestParam(required = false) String after) {
    return people.list(q, role, unitId, active, Limits.checked(limit), after);
  }

  @Requires(Permission.PERSON_READ)
  @GetMapping("/api/people/{id}")
  Person get(@PathVariable long id) {
    return people.get(id);
  }

  @Requires(Permission.PERSON_EDIT)
  @PostMapping("/api/people")
  @ResponseStatus(HttpStatus.CREATED)
  Created create(@RequestBody NewPerson person) {
    return people.create(person.login(), new Draft(person.name(), person.phone(), person.areaCode(), true), !Boolean.FALSE.equals(person.signIn()));
  }

  @Requires(Permission.PERSON_EDIT)
  @PutMapping("/api/people/{id}")
  Person change(@PathVariable long id, @RequestBody Draft draft) {
    return people.change(id, draft);
  }

  @Requires(Permission.PERSON_EDIT)
  @PostMapping("/api/people/{id}/password-reset")
  OneTime resetPassword(@PathVariable long id) {
    return new OneTime(people.resetPassword(id));
  }

  @Requires(Permission.PERSON_EDIT)
  @PostMapping("/api/people/{id}/unlock")
  Person unlock(@PathVariable long id) {
    return people.unlock(id);
  }

  @Requires(Permission.PERSON_EDIT)
  @PostMapping("/api/people/{id}/reveal")
  Phone reveal(@PathVariable long id, @RequestBody Purpose purpose) {
    return new Phone(people.revealPhone(id, purpose));
  }

  @Requires(Permission.GRANT_EDIT)
  @PostMapping("/api/people/{id}/positions")
  @ResponseStatus(HttpStatus.CREATED)
  Person grant(@PathVariable long id, @Valid @RequestBody NewPosition position) {
    return grants.grant(id, position.unitId(), position.role(), position.areaCode());
  }

  @Requires(Permission.GRANT_EDIT)
  @DeleteMapping("/api/people/{id}/positions/{positionId}")
  Person end(@PathVariable long id, @PathVariable long positionId) {
    return grants.end(id, positionId);
  }

  @Requires(Permission.SELF)
  @GetMapping("/api/roles")
  List<RoleView> roles() {
    return Arrays.stream(Role.values())
        .map(r -> new RoleView(r, r.nameZh(), r.nameEn(), new TreeSet<>(r.permissions()), r.administrator(), r.unitBound()))
        .toList();
  }
}
