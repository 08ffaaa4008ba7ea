package io.citywide.platform;

import java.util.Locale;
import org.springframework.context.i18n.LocaleContextHolder;

/**
 * One sentence in the two languages of the console.
 *
 * @param zh {@code null}: not translated, the English one is said to everybody
 */
public record Words(String en, String zh) {

  /** In the language that the request being answered accepts; English outside of a request. */
  public String said() {
    return LocaleContextHolder.getLocaleContext() == null ? en : in(LocaleContextHolder.getLocale());
  }

  /** Chinese for every {@code zh} locale, English for all others. */
  public String in(Locale locale) {
    return zh != null && locale.getLanguage().equals("zh") ? zh : en;
  }
}
