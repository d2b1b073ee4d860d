/** Tells of records that could not be processed without telling what was in them. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.deadletter;
