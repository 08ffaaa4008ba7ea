package io.citywide.platform.internal;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/** Stops the start at a setting nobody knows, by its name: a misspelt key must not silently leave a default in force. */
@Component
class SettingsCheck implements BeanFactoryPostProcessor, EnvironmentAware {

  /** A setting that no module has. */
  static final class UnknownSetting extends RuntimeException {
    UnknownSetting(String message) {
      super(message);
    }
  }

  /** Names in the environment that the command script and the command line read; they are no settings of the server. */
  private static final Set<String> OF_THE_COMMAND =
      Set.of("CITYWIDE_API_KEY", "CITYWIDE_JAVA_HOME", "CITYWIDE_JAVA_OPTIONS", "CITYWIDE_SHARED", "CITYWIDE_URL");

  private ConfigurableEnvironment environment;

  @Override
  public void setEnvironment(Environment environment) {
    this.environment = (ConfigurableEnvironment) environment;
  }

  @Override
  public void postProcessBeanFactory(ConfigurableListableBeanFactory factory) {
    TreeMap<String, String> known = new TreeMap<>();
    for (String bean : factory.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
      Class<?> type = ClassUtils.getUserClass(factory.getType(bean));
      ConfigurationProperties prefix = type.getAnnotation(ConfigurationProperties.class);
      if (prefix != null && type.isRecord()) {
        collect(type, prefix.value(), known);
      }
    }
    List<String> unknown = new ArrayList<>();
    for (var source : environment.getPropertySources()) {
      if (source instanceof EnumerablePropertySource<?> named) {
        for (String name : named.getPropertyNames()) {
          String plain = plain(name);
          boolean ours = plain.startsWith("citywide") && !OF_THE_COMMAND.contains(name) && (name.contains(".") || name.startsWith("CITYWIDE_"));
          if (ours && known.keySet().stream().noneMatch(k -> plain.equals(k) || plain.startsWith(k + "["))) {
            unknown.add(name + " (from " + source.getName() + ")" + nearest(plain, known));
          }
        }
      }
    }
    if (!unknown.isEmpty()) {
      throw new UnknownSetting("unknown setting " + String.join(", ", unknown));
    }
  }

  private static void collect(Class<?> type, String prefix, TreeMap<String, String> known) {
    for (RecordComponent component : type.getRecordComponents()) {
      String name = prefix + "." + kebab(component.getName());
      if (component.getType().isRecord()) {
        collect(component.getType(), name, known);
      } else {
        known.put(plain(name), name);
      }
    }
  }

  /** Spelling differs between files ({@code pool-size}) and the environment ({@code POOLSIZE}); this form does not. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
  }

  private static String kebab(String camel) {
    return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String nearest(String plain, TreeMap<String, String> known) {
    String best = null;
    int bestDistance = 4;
    for (var entry : known.entrySet()) {
      int distance = distance(plain, entry.getKey());
      if (distance < bestDistance) {
        bestDistance = distance;
        best = entry.getValue();
      }
    }
    return best == null ? "; docs/settings.md lists all" : "; did you mean " + best + "?";
  }

  /** Levenshtein distance; settings are few and short. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1));
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
