package io.citywide.identity;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The permission that a caller of this handler method needs; of several, any one. A handler with neither this nor {@link Open} is refused. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Requires {

  Permission[] value();

  /** What it changes counts for the whole city: whoever is charged with a part of it may not. */
  boolean wholeCity() default false;
}
