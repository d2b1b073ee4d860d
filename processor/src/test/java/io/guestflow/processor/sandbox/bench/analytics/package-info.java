/** The benchmark of windows. It looks at topics, processes and files only, so that it cannot be told what to find. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox.bench.analytics;
