/** The guestflow process; {@link io.guestflow.processor.Main} is the only place that wires rooms together. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor;
