/** Windows of metrics: what facts come to, counted where they are, merged, and published when a window is over. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.analytics;
