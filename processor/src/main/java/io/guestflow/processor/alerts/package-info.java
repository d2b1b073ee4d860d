/** Alerts: facts in a rolling window, counted where they lie, judged by scope. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.alerts;
