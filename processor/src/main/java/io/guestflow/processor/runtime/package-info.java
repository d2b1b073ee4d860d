/** Runs it all: Kafka Streams' configuration and life, what is checked at start, metrics, and the order of shutdown. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.runtime;
