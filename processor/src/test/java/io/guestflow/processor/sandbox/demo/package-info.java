/**
 * The demo: a small varied stream of guests against a real broker, a simulated CXone and the processor, and a check that
 * each kind of guest was answered as the contracts say.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox.demo;
