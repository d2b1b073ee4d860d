/** The strict JSON codec: what it accepts is what the schemas say, and what it refuses it names field by field. */
@org.jspecify.annotations.NullMarked
package io.guestflow.contracts.codec;
