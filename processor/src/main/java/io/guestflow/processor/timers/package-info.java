/** Due-time store: timers that survive restarts, fire once, and cost what is due rather than what is stored. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.timers;
