package io.guestflow.processor.measure;

import io.guestflow.contracts.cxone.QueryOutcome;
import io.guestflow.contracts.facts.Source;

/** An outcome, and where it lies. */
record Answered(QueryOutcome outcome, Source at) {}
