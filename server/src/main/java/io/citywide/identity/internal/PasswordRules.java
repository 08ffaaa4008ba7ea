package io.citywide.identity.internal;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.IdentitySettings;
import io.citywide.platform.ProblemException;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** What a password must be (GB/T 22239-2019 §8.1.4.1) and how it is kept (Argon2id). */
@Component
class PasswordRules {

  private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final IdentitySettings settings;
  private final PasswordEncoder encoder;
  private final String unknownPersonHash;

  @Autowired
  PasswordRules(IdentitySettings settings, ObjectProvider<PasswordEncoder> others) {
    this(settings, others.getIfAvailable(PasswordRules::argon2));
  }

  PasswordRules(IdentitySettings settings, PasswordEncoder encoder) {
    this.settings = settings;
    this.encoder = encoder;
    this.unknownPersonHash = encoder.encode(oneTime());
  }

  /** OWASP's second choice for Argon2id: 19 MiB, 2 passes, 1 lane. */
  static PasswordEncoder argon2() {
    return new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);
  }

  /** In place of a hash: this account has no password, and no password opens it. */
  static final String NONE = "-";

  String hash(String password) {
    return encoder.encode(password);
  }

  /** Takes as long for an unknown person ({@code hash} is {@code null}) or one without a password as for any other. */
  boolean matches(String password, String hash) {
    boolean known = hash != null && !hash.equals(NONE);
    return encoder.matches(password, known ? hash : unknownPersonHash) && known;
  }

  /**
   * @throws ProblemException {@code identity.weak-password}, saying what is missing
   */
  void check(String password, String login) {
    int classes =
        (password.chars().anyMatch(Character::isUpperCase) ? 1 : 0)
            + (password.chars().anyMatch(Character::isLowerCase) ? 1 : 0)
            + (password.chars().anyMatch(Character::isDigit) ? 1 : 0)
            + (password.chars().anyMatch(c -> !Character.isLetterOrDigit(c)) ? 1 : 0);
    if (password.length() < settings.minPasswordLength() || password.length() > 128) {
      throw weak("it needs " + settings.minPasswordLength() + " to 128 characters, has " + password.length())
          .zh("密码须为 " + settings.minPasswordLength() + " 至 128 位，现有 " + password.length() + " 位");
    }
    if (classes < 3) {
      throw weak("it needs three of: capital letters, small letters, digits, other signs").zh("密码须包含大写字母、小写字母、数字、其他符号中的三类");
    }
    if (password.toLowerCase(Locale.ROOT).contains(login)) {
      throw weak("it must not contain the login name").zh("密码不能包含用户名");
    }
  }

  private static ProblemException weak(String why) {
    return new ProblemException(IdentityProblem.WEAK_PASSWORD, why, Map.of("field", "next"));
  }

  /** A password to be used once, about 89 bits. */
  String oneTime() {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < 15; i++) {
      word.append(i > 0 && i % 5 == 0 ? "-" : "").append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return word + "-7Aa";
  }
}
