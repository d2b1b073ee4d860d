/** A real Kafka, one or three nodes, started as child processes, and what tests do with it over its public protocol. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox.broker;
