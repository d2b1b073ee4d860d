/** What demo, benchmarks and integration tests need around the processor; nothing of it is shipped. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox;
