package io.guestflow.processor.factlog;

import io.guestflow.contracts.facts.Fact;
import io.guestflow.contracts.facts.Source;
import io.guestflow.processor.wire.Trace;

/**
 * A fact as it was read.
 *
 * @param at where it lies on {@code guest-facts}
 * @param trace of the request that led to it
 */
public record ReadFact(Fact fact, Source at, Trace trace) {}
