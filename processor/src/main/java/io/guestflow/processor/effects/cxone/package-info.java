/**
 * CXone over HTTP: the {@link io.guestflow.processor.effects.cxone.GuestApi} and
 * {@link io.guestflow.processor.effects.cxone.DetailsApi} ports, and the one adapter behind them with its token,
 * throttle, retries and breakers; it knows nothing of Kafka.
 */
@org.jspecify.annotations.NullMarked
package io.guestflow.processor.effects.cxone;
