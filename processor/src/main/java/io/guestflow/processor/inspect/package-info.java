/** Looks at what guestflow has published, from outside: the programs behind {@code scripts/}. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.inspect;
