/**
 * CXone over HTTP: the {@link io.guestflow.processor.effects.cxone.GuestApi} port, and the one adapter behind it with
 * its token, throttle, retries and breaker; it knows nothing of Kafka.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.effects.cxone;
