/**
 * What demo, benchmarks and integration tests need around the processor: every part of it runs as a JVM of its own and
 * dies with the JVM that started it. Nothing of it is shipped.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox;
