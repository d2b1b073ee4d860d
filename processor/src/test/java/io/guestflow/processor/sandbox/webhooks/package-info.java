/** Synthetic lifecycle webhooks of CXone, as a gateway would put them on {@code cxone-events}. All content is made up. */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.sandbox.webhooks;
