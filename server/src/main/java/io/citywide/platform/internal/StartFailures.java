package io.citywide.platform.internal;

import io.citywide.platform.KeyMissingException;
import io.citywide.platform.internal.postgres.DatabaseUnavailableException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

/** Says in words why the server did not start, instead of a stack trace. */
class StartFailures implements FailureAnalyzer {

  @Override
  public FailureAnalysis analyze(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SettingsCheck.UnknownSetting) {
        return new FailureAnalysis(cause.getMessage(), "Correct or remove the setting.", failure);
      }
      if (cause instanceof DatabaseUnavailableException || cause instanceof KeyMissingException) {
        return new FailureAnalysis(cause.getMessage(), null, failure);
      }
    }
    return null;
  }
}
