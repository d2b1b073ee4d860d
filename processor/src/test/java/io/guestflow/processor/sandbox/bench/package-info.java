/** Benchmarks: each starts broker, simulator and processor as processes of their own, and compares within one run. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox.bench;
