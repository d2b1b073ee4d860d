/** Asks CXone for its own figures of conversations that have ended, when nobody waits, and holds them against ours. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.measure;
