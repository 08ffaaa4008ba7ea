package io.citywide.intake.spi;

import java.util.List;

/** Guesses the kind of a report from its text. */
public interface Recogniser {

  /** Guesses, best first; empty where the text says nothing. */
  List<Guess> recognise(String title, String description);

  /**
   * One guess.
   *
   * @param score 0..1, comparable between guesses of one answer
   * @param because the words of the text that led to it
   */
  record Guess(String kindId, double score, List<String> because) {

    public Guess {
      because = List.copyOf(because);
    }
  }
}
